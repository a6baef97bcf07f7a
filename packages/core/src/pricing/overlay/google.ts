import type { PriceRule } from '../price-rows.js';

const page = 'https://ai.google.dev/gemini-api/docs/pricing';

const tiers = [
  ['batch', '0.5'],
  ['flex', '0.5'],
  ['priority', '1.8'],
] as const;

/** Service tiers of Gemini. AI Studio's `serviceTier` and Vertex's `trafficType` have one set of names here. */
export const googleRules: readonly PriceRule[] = ['google', 'google-vertex'].flatMap((provider) => [
  ...tiers.map(([service_tier, factor]): PriceRule => ({
    provider,
    model: 'gemini-*',
    when: { service_tier },
    multiply: { tokens: factor },
    source: page,
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
