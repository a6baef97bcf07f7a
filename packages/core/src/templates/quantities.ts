import type { VersionBucket } from './version.js';

/** What versions of a template are compared by: a ratio of two sums over calls. */
export const templateQuantities = [
  'cost_per_call',
  'input_tokens_per_call',
  'output_tokens_per_call',
  'output_input_ratio',
  'cache_hit_ratio',
  'error_rate',
] as const;
export type TemplateQuantity = (typeof templateQuantities)[number];

interface Ratio {
  over: (bucket: VersionBucket) => number;
  under: (bucket: VersionBucket) => number;
}

/** Costs are in picodollars here; tokens are of calls that tell theirs, costs of those with a price. */
export const ratioOf: Readonly<Record<TemplateQuantity, Ratio>> = {
  cost_per_call: { over: ({ cost }) => Number(cost), under: ({ priced }) => priced },
  input_tokens_per_call: { over: ({ input }) => input, under: ({ metered }) => metered },
  output_tokens_per_call: { over: ({ output }) => output, under: ({ metered }) => metered },
  output_input_ratio: { over: ({ output }) => output, under: ({ input }) => input },
  cache_hit_ratio: { over: ({ cacheRead }) => cacheRead, under: ({ input }) => input },
  error_rate: { over: ({ errors }) => errors, under: ({ calls }) => calls },
};
