import type { PriceRule, Rates } from '../price-rows.js';

const list = (provider: string, model: string, rates: Rates, source: string): PriceRule => ({
  provider,
  model,
  rates,
  source,
});

/** Perplexity's fee per 1,000 requests by search context size; low is the API's default. */
const perplexityFees: readonly [model: string, low: string, medium: string, high: string][] = [
  ['sonar', '5', '8', '12'],
  ['sonar-pro', '6', '10', '14'],
  ['sonar-reasoning', '5', '8', '12'],
  ['sonar-reasoning-pro', '6', '10', '14'],
];
const perplexityPage = 'https://docs.perplexity.ai/getting-started/pricing';

/** Off-peak rates hold at weekends all day since then. */
const deepseekWeekends = '2026-08-23T00:00:00Z';
const deepseekPage = 'https://api-docs.deepseek.com/quick_start/pricing';
const weekend = { start: '00:00:00Z', end: '00:00:00Z', days: [0, 6] };

const voyagePage = 'https://docs.voyageai.com/docs/pricing';
const xaiPage = 'https://docs.x.ai/docs/models';
const coherePage = 'https://cohere.com/pricing';

/** Other providers: fees and hours that the base does not know. */
export const otherRules: readonly PriceRule[] = [
  ...perplexityFees.flatMap(([model, low, medium, high]): PriceRule[] => [
    list('perplexity', model, { requests: low }, perplexityPage),
    {
      ...list('perplexity', model, { requests: medium }, perplexityPage),
      when: { search_context_size: 'medium' },
    },
    {
      ...list('perplexity', model, { requests: high }, perplexityPage),
      when: { search_context_size: 'high' },
    },
  ]),
  list('perplexity', 'sonar-deep-research', { search_queries: '5' }, perplexityPage),
  {
    ...list(
      'deepseek',
      'deepseek-v4-flash',
      { input: '0.22', cache_read: '0.007', output: '0.66' },
      deepseekPage,
    ),
    from: deepseekWeekends,
    daily: weekend,
  },
  {
    ...list(
      'deepseek',
      'deepseek-v4-pro',
      { input: '0.66', cache_read: '0.022', output: '1.98' },
      deepseekPage,
    ),
    from: deepseekWeekends,
    daily: weekend,
  },
  ...['whisper-large-v3', 'whisper-large-v3-turbo'].map((model): PriceRule => ({
    provider: 'groq',
    model,
    minimum: { audio_seconds: 10 },
    source: 'https://groq.com/pricing (10 seconds are billed at least)',
  })),
  ...(
    [
      ['groq', 'batch', '0.5'],
      ['groq', 'flex', '1'],
      ['mistral', 'batch', '0.5'],
    ] as const
  ).map(([provider, service_tier, factor]): PriceRule => ({
    provider,
    model: '*',
    when: { service_tier },
    multiply: { tokens: factor },
    source: `https://${provider === 'groq' ? 'groq.com' : 'mistral.ai'}/pricing`,
  })),
  list(
    'xai',
    'grok-*',
    { web_searches: '5', social_searches: '5', code_interpreter_calls: '5', file_searches: '2.5' },
    xaiPage,
  ),
  ...['rerank-v3.5', 'rerank-english-v3.0', 'rerank-multilingual-v3.0'].map((model) =>
    list('cohere', model, { search_units: '2' }, coherePage),
  ),
  list('voyageai', 'rerank-2.5', { input: '0.05' }, voyagePage),
  list('voyageai', 'rerank-2.5-lite', { input: '0.02' }, voyagePage),
  list('voyageai', 'rerank-2', { input: '0.05' }, voyagePage),
  list('voyageai', 'rerank-2-lite', { input: '0.02' }, voyagePage),
];
