import type { PriceRule } from '../price-rows.js';

const page = 'https://aws.amazon.com/bedrock/pricing/';
const provider = 'aws-bedrock';

/** Sonnet 4 and 4.5 above 200,000 tokens: twice the input, one and a half times the output. */
const longContext = (
  model: string,
  input: string,
  cache_read: string,
  write: string,
  output: string,
): PriceRule => ({
  provider,
  model,
  threshold: { op: 'gt', tokens: 200_000 },
  rates: { input, cache_read, cache_write: write, output },
  source: `${page} (1M context; BerriAI/litellm model_prices_and_context_window.json)`,
});

/** Service tiers of Bedrock, and the one-hour cache writes that the base lists for few models. */
export const awsBedrockRules: readonly PriceRule[] = [
  longContext('global.anthropic.claude-sonnet-4-20250514-v1:0', '6', '0.6', '7.5', '22.5'),
  longContext('regional.anthropic.claude-sonnet-4-20250514-v1:0', '6', '0.6', '7.5', '22.5'),
  longContext('global.anthropic.claude-sonnet-4-5-20250929-v1:0', '6', '0.6', '7.5', '22.5'),
  longContext('regional.anthropic.claude-sonnet-4-5-20250929-v1:0', '6.6', '0.66', '8.25', '24.75'),
  ...['global.anthropic.*', 'regional.anthropic.*'].map((model): PriceRule => ({
    provider,
    model,
    derive: { cache_write_1h: ['input', '2'] },
    source: `${page} (one-hour writes cost 2 × input)`,
  })),
  ...(
    [
      ['batch', '0.5'],
      ['flex', '0.5'],
      ['priority', '1.75'],
    ] as const
  ).map(([service_tier, factor]): PriceRule => ({
    provider,
    model: '*',
    when: { service_tier },
    multiply: { tokens: factor },
    source: page,
  })),
  {
    provider,
    model: '*',
    when: { service_tier: 'reserved' },
    contract:
      'Reserved tier is priced by reserved capacity: add your contract rates to your price overrides',
    source: page,
  },
];
