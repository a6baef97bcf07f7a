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

/** One price at all hours from then on: the off-peak discount ended. */
const deepseekFlat = '2025-09-05T16:00:00Z';
const deepseekV32 = '2025-09-29T00:00:00Z';
/** Peak and off-peak prices came in then; the base has them eight hours late, from midnight UTC. */
const deepseekPeakHours = { from: '2026-08-16T16:00:00Z', to: '2026-08-17T00:00:00Z' };
const deepseekOffPeak = [
  ['deepseek-v4-flash', { input: '0.22', cache_read: '0.007', output: '0.66' }],
  ['deepseek-v4-pro', { input: '0.66', cache_read: '0.022', output: '1.98' }],
] as const;

/** V4.1 Flash, the model behind the name without a version: twice as dear in the hours of peak. */
const deepseekFlash = [undefined, ['01:00:00Z', '04:00:00Z'], ['06:00:00Z', '10:00:00Z']].map(
  (hours): PriceRule => ({
    provider: 'deepseek',
    model: 'deepseek-flash',
    rates:
      hours === undefined
        ? { input: '0.15', cache_read: '0.003', output: '0.6' }
        : { input: '0.3', cache_read: '0.006', output: '1.2' },
    ...(hours === undefined
      ? {}
      : { daily: { start: hours[0] ?? '', end: hours[1] ?? '', days: [1, 2, 3, 4, 5] } }),
    source: 'https://api-docs.deepseek.com/quick_start/pricing (2026-10-27)',
  }),
);

const mistralPage = 'https://mistral.ai/pricing';
const mistralModels = [
  [
    'magistral-medium',
    '2',
    '5',
    [
      'magistral-medium-latest',
      'magistral-medium-2506',
      'magistral-medium-2507',
      'magistral-medium-2509',
    ],
  ],
  [
    'magistral-small',
    '0.5',
    '1.5',
    [
      'magistral-small-latest',
      'magistral-small-2506',
      'magistral-small-2507',
      'magistral-small-2509',
    ],
  ],
  ['mistral-small-2503', '0.1', '0.3', ['mistral-small-2506', 'mistral-small-2501']],
  ['devstral-medium-2507', '0.4', '2', []],
  ['codestral-embed-2505', '0.15', '0.15', ['codestral-embed']],
] as const;

/** Off-peak rates hold at weekends all day since then. */
const deepseekWeekends = '2026-08-23T00:00:00Z';
const deepseekPage = 'https://api-docs.deepseek.com/quick_start/pricing';
const weekend = { start: '00:00:00Z', end: '00:00:00Z', days: [0, 6] };

const groqPage = 'https://groq.com/pricing';
const voyagePage = 'https://docs.voyageai.com/docs/pricing';
const xaiPage = 'https://docs.x.ai/docs/models';
const coherePage = 'https://cohere.com/pricing';

/** Grok models whose price doubles with the size of the prompt; the base has only the smaller one. */
const xaiLongContext = [
  ['grok-4-0709', '6', '30'],
  ['grok-4-fast-reasoning', '0.4', '1'],
  ['grok-4-fast-non-reasoning', '0.4', '1'],
  ['grok-4-1-fast-reasoning', '0.4', '1'],
  ['grok-4-1-fast-non-reasoning', '0.4', '1'],
] as const;

const cohereEmbeddings = [
  'embed-english-v3.0',
  'embed-english-light-v3.0',
  'embed-multilingual-v3.0',
  'embed-multilingual-light-v3.0',
];

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
  ...deepseekFlash,
  // The alias moved to Mistral Large 3 when that came out; the base leaves it at its predecessor.
  {
    ...list('mistral', 'mistral-large-latest', { input: '2', output: '6' }, mistralPage),
    complete: true,
  },
  {
    ...list(
      'mistral',
      'mistral-large-latest',
      { input: '0.5', cache_read: '0.05', output: '1.5' },
      `${mistralPage} (Mistral Large 3, 2025-12-02)`,
    ),
    complete: true,
    from: '2025-12-02T00:00:00Z',
  },
  ...mistralModels.map(([model, input, output, aliases]): PriceRule => ({
    ...list('mistral', model, { input, output }, mistralPage),
    aliases,
  })),
  ...deepseekOffPeak.flatMap(([model, rates]): PriceRule[] => [
    { ...list('deepseek', model, rates, deepseekPage), ...deepseekPeakHours },
    { ...list('deepseek', model, rates, deepseekPage), from: deepseekWeekends, daily: weekend },
  ]),
  ...['deepseek-chat', 'deepseek-reasoner'].flatMap((model): PriceRule[] => [
    {
      ...list(
        'deepseek',
        model,
        { input: '0.56', cache_read: '0.07', output: '1.68' },
        'https://api-docs.deepseek.com/news/news250821',
      ),
      from: deepseekFlat,
      to: deepseekV32,
    },
    {
      ...list(
        'deepseek',
        model,
        { input: '0.28', cache_read: '0.028', output: '0.42' },
        'https://api-docs.deepseek.com/news/news250929',
      ),
      from: deepseekV32,
    },
  ]),
  ...['whisper-large-v3', 'whisper-large-v3-turbo', 'distil-whisper-large-v3-en'].map(
    (model): PriceRule => ({
      provider: 'groq',
      model,
      minimum: { audio_seconds: 10 },
      source: `${groqPage} (10 seconds are billed at least)`,
    }),
  ),
  list('groq', 'distil-whisper-large-v3-en', { audio_seconds: '0.02' }, groqPage),
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
    // Mistral halves the price of pages as well.
    multiply: { tokens: factor, pages: factor, annotated_pages: factor },
    source: `https://${provider === 'groq' ? 'groq.com' : 'mistral.ai'}/pricing`,
  })),
  list(
    'xai',
    'grok-*',
    {
      web_searches: '5',
      social_searches: '5',
      code_interpreter_calls: '5',
      file_searches: '2.5',
      search_sources: '25',
    },
    xaiPage,
  ),
  ...xaiLongContext.map(([model, input, output]): PriceRule => ({
    ...list('xai', model, { input, output }, `${xaiPage} (from 128,000 tokens on)`),
    threshold: { op: 'gte', tokens: 128_000 },
  })),
  list('cohere', 'embed-v4.0', { input_image: '0.47' }, coherePage),
  ...cohereEmbeddings.map((model) => list('cohere', model, { input: '0.1' }, coherePage)),
  list('cohere', 'command-r-03-2024', { input: '0.5', output: '1.5' }, coherePage),
  list('cohere', 'command-r-plus-04-2024', { input: '3', output: '15' }, coherePage),
  list('cohere', 'rerank-v4.0-pro', { search_units: '2.5' }, coherePage),
  list('cohere', 'rerank-v4.0-fast', { search_units: '2' }, coherePage),
  ...['rerank-v3.5', 'rerank-english-v3.0', 'rerank-multilingual-v3.0'].map((model) =>
    list('cohere', model, { search_units: '2' }, coherePage),
  ),
  list('voyageai', 'rerank-2.5', { input: '0.05' }, voyagePage),
  list('voyageai', 'rerank-2.5-lite', { input: '0.02' }, voyagePage),
  list('voyageai', 'rerank-2', { input: '0.05' }, voyagePage),
  list('voyageai', 'rerank-2-lite', { input: '0.02' }, voyagePage),
];
