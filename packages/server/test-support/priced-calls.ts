import { PriceBook, ruleLayer, type AnswerBooks, type Entry, type PriceRule } from '@farthing/core';
import { sampleEntry } from '../src/store/conformance/batches.js';
import { referenceQuery } from '../src/store/conformance/reference-query.js';

const list = { complete: true, source: 'https://acme.example/prices' };
const rules: PriceRule[] = [
  {
    ...list,
    provider: 'openai',
    model: 'gpt-large',
    rates: { input: '2', cache_read: '0.2', output: '10' },
  },
  {
    // Cheaper from the second day on.
    ...list,
    provider: 'openai',
    model: 'gpt-large',
    from: '2026-03-02T00:00:00Z',
    rates: { input: '1.5', cache_read: '0.15', output: '8' },
  },
  {
    ...list,
    provider: 'openai',
    model: 'gpt-small',
    rates: { input: '0.2', cache_read: '0.02', output: '1' },
  },
  {
    ...list,
    complete: false,
    provider: 'openai',
    model: 'gpt-large',
    threshold: { op: 'gt', tokens: 200_000 },
    rates: { input: '4', cache_read: '0.4', output: '15' },
  },
  {
    ...list,
    complete: false,
    provider: 'openai',
    model: '*',
    when: { service_tier: 'batch' },
    multiply: { tokens: '0.5' },
  },
  {
    ...list,
    provider: 'anthropic',
    model: 'claude-opus-4-8',
    rates: { input: '5', cache_read: '0.5', cache_write: '6.25', output: '25' },
  },
  { ...list, provider: 'openai', model: 'vectors', rates: { input: '0.1' } },
];
export const book = new PriceBook([ruleLayer('base', 'test@1', rules)]);

export const window = { from: '2026-03-01T00:00:00.000Z', to: '2026-03-04T00:00:00.000Z' };
export const now = '2026-03-10T00:00:00.000Z';

export const booksOf = (entries: readonly Entry[]): AnswerBooks => ({
  query: async (query) => ({
    rows: referenceQuery(entries, query),
    truncated: false,
    from: 'calls',
  }),
  calls: async () => [],
});

/** A call to be booked; what is left out is an ordinary one. */
export interface Call {
  provider?: string;
  model?: string;
  api?: string;
  feature?: string;
  at?: string;
  tokens?: Partial<NonNullable<Entry['usage']>['tokens']>;
  tier?: string;
  prompt?: NonNullable<Entry['prompt']>;
  /** Entry fields that are not about its price. */
  changes?: Partial<Entry>;
  reasoning?: number;
}

let serial = 0;
/** A call as the ledger books it: priced by the book at its own time. */
export function priced(call: Call = {}): Entry {
  const { provider = 'openai', model = 'gpt-large', api = 'chat.completions' } = call;
  const { at = '2026-03-01T10:00:00.000Z', feature = 'search', tier, prompt } = call;
  const sample = sampleEntry();
  const none = {
    input_uncached: 0,
    cache_read: 0,
    cache_write: 0,
    cache_write_5m: 0,
    cache_write_1h: 0,
    output: 0,
  };
  const usage = {
    ...sample.usage!,
    details: call.reasoning === undefined ? {} : { reasoning: call.reasoning },
    tokens: { ...none, ...(call.tokens ?? { input_uncached: 1_000, output: 100 }) },
    modifiers: tier === undefined ? {} : { service_tier: tier },
  };
  const cost = book.price({ provider, api, model, at, reading: { status: 'ok', usage } });
  serial++;
  return {
    ...sample,
    id: `00000000-0000-4000-8000-${String(serial).padStart(12, '0')}`,
    started_at: at,
    ended_at: at,
    provider,
    model,
    model_requested: model,
    api,
    usage,
    cost,
    ...(prompt === undefined ? {} : { prompt }),
    tags: { feature },
    ...call.changes,
  };
}
