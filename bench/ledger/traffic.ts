/**
 * What the generated traffic looks like. One definition for both generators (entries in TypeScript,
 * ten million rows in SQL), so that all figures speak of the same kind of organisation.
 */
export const traffic = {
  features: 40,
  tenants: 500,
  users: 20_000,
  segments: ['free', 'team', 'enterprise'],
  /** Published rates in USD per million tokens: what counts here is only that they differ. */
  models: [
    {
      provider: 'openai',
      api: 'chat.completions',
      model: 'gpt-4o-mini-2024-07-18',
      input: 150,
      output: 600,
    },
    {
      provider: 'openai',
      api: 'responses',
      model: 'gpt-4o-2024-08-06',
      input: 2500,
      output: 10_000,
    },
    {
      provider: 'anthropic',
      api: 'messages',
      model: 'claude-sonnet-4-5',
      input: 3000,
      output: 15_000,
    },
    {
      provider: 'anthropic',
      api: 'messages',
      model: 'claude-haiku-4-5',
      input: 1000,
      output: 5000,
    },
    {
      provider: 'gemini',
      api: 'generateContent',
      model: 'gemini-2.5-flash',
      input: 300,
      output: 2500,
    },
    {
      provider: 'openai',
      api: 'embeddings',
      model: 'text-embedding-3-small',
      input: 20,
      output: 0,
    },
  ],
  /** Per thousand calls. */
  unattributed: 60,
  errors: 20,
  retries: 30,
  unpriced: 10,
  /** Calls of one session. Of a thousand sessions so many are runs; of a thousand calls, so many have a trace, a custom tag. */
  callsPerSession: 8,
  withRun: 200,
  withTrace: 300,
  withCustom: 400,
  /** One run is far larger than all others. */
  largestRun: 'run_largest',
  callsOfLargestRun: 10_000,
} as const;

/** A month that ends on a whole day, so that windows of the benchmark are fixed. */
export const month = {
  from: Date.UTC(2026, 2, 1),
  to: Date.UTC(2026, 2, 31),
};
