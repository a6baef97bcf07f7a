import type { PriceRule } from '../price-rows.js';

const page = 'https://platform.claude.com/docs/en/about-claude/pricing';

/** Models from before regional and US-only inference cost more (Sonnet 4.5 was the first). */
const beforeRegionalPremium = [
  'claude-2',
  'claude-v1',
  'claude-instant-1.2',
  'claude-3-haiku',
  'claude-3-sonnet',
  'claude-3-opus',
  'claude-3-opus-latest',
  'claude-3-5-haiku',
  'claude-3-5-haiku-latest',
  'claude-3-5-sonnet',
  'claude-3-7-sonnet',
  'claude-3-7-sonnet-latest',
  'claude-4-opus',
  'claude-4-sonnet',
  'claude-opus-4-0',
  'claude-opus-4-1',
  'claude-sonnet-4-0',
];

/** `inference_geo: us` exists from Opus 4.6 and Sonnet 4.6 on. */
const beforeInferenceGeo = [
  ...beforeRegionalPremium,
  'claude-sonnet-4-5',
  'claude-opus-4-5',
  'claude-haiku-4-5',
];

const fast = (model: string, factor: string): PriceRule => ({
  provider: 'anthropic',
  model,
  when: { speed: 'fast' },
  multiply: { tokens: factor },
  source:
    'https://platform.claude.com/docs/en/build-with-claude/fast-mode; Portkey-AI/models pricing (execution_modes.fast)',
});

/** What the base lacks for Claude, at Anthropic itself and on the clouds that resell it. */
export const anthropicRules: readonly PriceRule[] = [
  {
    provider: 'anthropic',
    model: 'claude-*',
    rates: { web_searches: '10', web_fetches: '0' },
    source: page,
  },
  {
    provider: 'anthropic',
    model: 'claude-*',
    when: { service_tier: 'batch' },
    multiply: { tokens: '0.5' },
    source: page,
  },
  {
    provider: 'anthropic',
    model: 'claude-*',
    when: { service_tier: 'priority' },
    contract:
      'Priority Tier is priced by commitment, without a public rate per token: add your contract rates to your price overrides',
    source: page,
  },
  {
    provider: 'anthropic',
    model: 'claude-*',
    except: beforeInferenceGeo,
    when: { inference_geo: 'us' },
    multiply: { tokens: '1.1' },
    source: page,
  },
  fast('claude-opus-4-6', '6'),
  fast('claude-opus-4-7', '6'),
  fast('claude-opus-4-8', '2'),
  fast('claude-opus-5', '2'),
  fast('claude-opus-5-5', '2'),
  fast('claude-fable-5-2', '2'),
  {
    provider: 'anthropic',
    model: 'claude-sonnet-4-0',
    from: '2025-08-12T00:00:00Z',
    threshold: { op: 'gt', tokens: 200_000 },
    rates: {
      input: '6',
      cache_read: '0.6',
      cache_write: '7.5',
      cache_write_1h: '12',
      output: '22.5',
    },
    source: `${page} (1M context beta)`,
  },
  {
    provider: 'anthropic',
    model: 'claude-sonnet-5-5',
    rates: {
      input: '2',
      cache_read: '0.1',
      cache_write: '2.5',
      cache_write_1h: '4',
      output: '10',
    },
    source: 'claudit v1.9.2 and PromptFuel v1.0.23 release notes (2026-10)',
  },
  {
    provider: 'anthropic',
    model: 'claude-instant-1.2',
    aliases: ['claude-instant-1', 'claude-instant-1.1'],
    rates: { input: '0.8', output: '2.4' },
    source: page,
  },
  {
    provider: 'anthropic',
    model: 'claude-mythos-5',
    rates: {
      input: '10',
      cache_read: '1',
      cache_write: '12.5',
      cache_write_1h: '20',
      output: '50',
    },
    source: 'https://platform.claude.com/docs/en/models/mythos-5/overview (priced as Fable 5)',
  },
  {
    provider: 'anthropic',
    model: 'claude-fable-5-2',
    rates: {
      input: '8',
      cache_read: '0.2',
      cache_write: '10',
      cache_write_1h: '16',
      output: '40',
    },
    source: `${page} (released 2026-11-09)`,
  },
  {
    provider: 'anthropic',
    model: 'claude-haiku-5-5',
    rates: {
      input: '0.1',
      cache_read: '0.01',
      cache_write: '0.125',
      cache_write_1h: '0.2',
      output: '0.5',
    },
    source: 'https://platform.claude.com/docs/en/about-claude/models (from 0.10 / 0.50)',
  },
  {
    provider: 'anthropic',
    model: 'claude-haiku-5-5',
    threshold: { op: 'gt', tokens: 100_000 },
    rates: {
      input: '0.5',
      cache_read: '0.05',
      cache_write: '0.625',
      cache_write_1h: '1',
      output: '2.5',
    },
    source: 'claudit v1.9.2 and PromptFuel v1.0.23 release notes (2026-10)',
  },
  ...['google', 'google-vertex'].flatMap((provider): PriceRule[] => [
    {
      provider,
      model: 'claude-*',
      derive: { cache_write_1h: ['input', '2'] },
      source: `${page} (one-hour writes cost 2 × input)`,
    },
    {
      provider,
      model: 'claude-*',
      when: { service_tier: 'batch' },
      multiply: { tokens: '0.5' },
      source: page,
    },
    {
      provider,
      model: 'claude-*',
      except: beforeRegionalPremium,
      when: { scope: 'regional' },
      multiply: { tokens: '1.1' },
      source: `${page} (regional endpoints + 10 % from Claude 4.5 on)`,
    },
  ]),
  // Google Cloud charges Anthropic's premium for long context, which the base has for some models.
  ...(
    [
      ['claude-4-sonnet', undefined],
      ['claude-sonnet-4-6', '2026-03-13T00:00:00Z'],
    ] as const
  ).map(([model, to]): PriceRule => ({
    provider: 'google',
    model,
    ...(to === undefined ? {} : { to }),
    threshold: { op: 'gt', tokens: 200_000 },
    rates: { input: '6', cache_read: '0.6', cache_write: '7.5', output: '22.5' },
    source: `${page} (1M context)`,
  })),
  {
    // The premium for long context ended on Google Cloud when it ended at Anthropic.
    provider: 'google',
    model: 'claude-opus-4-6',
    from: '2026-03-13T00:00:00Z',
    threshold: { op: 'gt', tokens: 200_000 },
    rates: { input: '5', cache_read: '0.5', cache_write: '6.25', output: '25' },
    source: `${page} (one price for the whole context since 2026-03-13)`,
  },
  ...['azure', 'openrouter'].map((provider): PriceRule => ({
    provider,
    model: provider === 'azure' ? 'claude-*' : 'anthropic/claude-*',
    derive: { cache_write_1h: ['input', '2'] },
    source: `${page} (one-hour writes cost 2 × input)`,
  })),
];
