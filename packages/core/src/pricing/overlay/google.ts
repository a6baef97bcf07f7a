import type { PriceRule } from '../price-rows.js';

const page = 'https://ai.google.dev/gemini-api/docs/pricing';

const tiers = [
  ['flex', { tokens: '0.5' }],
  ['priority', { tokens: '1.8' }],
  // The discounts for batches and for cache hits do not stack: hits keep their own, larger one.
  [
    'batch',
    {
      input: '0.5',
      input_audio: '0.5',
      input_image: '0.5',
      input_video: '0.5',
      output: '0.5',
      output_audio: '0.5',
      output_image: '0.5',
      output_video: '0.5',
    },
  ],
] as const;

/** Service tiers of Gemini. AI Studio's `serviceTier` and Vertex's `trafficType` have one set of names here. */
const tierRules: readonly PriceRule[] = ['google', 'google-vertex'].flatMap((provider) => [
  ...tiers.map(([service_tier, multiply]): PriceRule => ({
    provider,
    model: 'gemini-*',
    when: { service_tier },
    multiply,
    source:
      service_tier === 'batch'
        ? `${page}; https://docs.cloud.google.com/vertex-ai/generative-ai/docs/multimodal/batch-prediction-gemini`
        : page,
  })),
  {
    provider,
    model: '*',
    when: { service_tier: 'provisioned_throughput' },
    contract:
      'Provisioned throughput is paid by capacity, not by token: add your contract rates to your price overrides',
    source: 'https://cloud.google.com/vertex-ai/generative-ai/pricing',
  },
]);

export const googleRules: readonly PriceRule[] = [
  ...tierRules,
  {
    provider: 'google',
    model: 'gemini-1.5-flash-8b',
    rates: { input: '0.0375', cache_read: '0.01', output: '0.15' },
    source: page,
  },
  {
    provider: 'google',
    model: 'gemini-1.5-flash-8b',
    threshold: { op: 'gt', tokens: 128_000 },
    rates: { input: '0.075', cache_read: '0.02', output: '0.3' },
    source: page,
  },
  {
    provider: 'google',
    model: 'gemini-2.0-flash',
    when: { endpoint: 'vertex' },
    rates: { input: '0.15', input_audio: '1', cache_read: '0.0375', output: '0.6' },
    source: 'https://cloud.google.com/vertex-ai/generative-ai/pricing (AI Studio: 0.10 / 0.40)',
  },
];
