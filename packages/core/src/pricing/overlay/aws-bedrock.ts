import type { PriceRule } from '../price-rows.js';

const page = 'https://aws.amazon.com/bedrock/pricing/';
const provider = 'aws-bedrock';

/** Service tiers of Bedrock, and the one-hour cache writes that the base lists for few models. */
export const awsBedrockRules: readonly PriceRule[] = [
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
