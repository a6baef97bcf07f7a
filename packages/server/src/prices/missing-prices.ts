import type {
  CallRow,
  CostStatus,
  Entry,
  Filter,
  MissingPrice,
  ModelName,
  PriceBook,
  QueryRow,
  Window,
} from '@farthing/core';
import type { Store } from '../store/store.js';
import { requestOf } from './compare-on-ledger.js';
import { remedyFor } from './remedy.js';

export interface MissingPricesOptions {
  store: Store;
  /** The journalled entry of a row; null when its journal is no longer kept. */
  entryOf(id: string): Promise<Entry | null>;
  book: PriceBook;
  /** Whose prices hold for a provider of the configuration. */
  priceAs(provider: string): string;
  window?: Window | undefined;
}

/** As many combinations are looked into, busiest first. */
const mostGroups = 100;
/** As many calls of each are asked why they have no price. */
const mostSamples = 5;
/** A `partial` cost may as well be that of estimated usage, which no price mends. */
const lacksRate = /no rate is known for|priced as your fallback/;

/**
 * The calls that no price is known for, busiest first, with what would give them one. Restated: what
 * repricing has priced since is not among them.
 */
export async function missingPrices(options: MissingPricesOptions): Promise<MissingPrice[]> {
  const { store, window } = options;
  const scope = window === undefined ? {} : { window };
  const ask = (measure: 'unpriced_calls' | 'calls', op: Filter['op'], values: CostStatus[]) =>
    store.query({
      ...scope,
      measures: [measure, 'tokens_input', 'tokens_output'],
      dimensions: ['provider', 'model', 'cost_status'],
      filters: [{ dimension: 'cost_status', op, values }],
      limit: mostGroups,
    });
  const [unpriced, partial] = await Promise.all([
    ask('unpriced_calls', 'not_in', ['priced', 'partial', 'not_billed']),
    ask('calls', 'in', ['partial']),
  ]);
  const missing: MissingPrice[] = [];
  for (const row of unpriced.rows) {
    const calls = Number(row['unpriced_calls']);
    if (calls > 0) missing.push(...(await describe(options, row, calls)));
  }
  for (const row of partial.rows) {
    const found = await describe(options, row, Number(row['calls']));
    missing.push(...found.filter(({ reasons }) => reasons.some((one) => lacksRate.test(one))));
  }
  return missing.toSorted((left, right) => right.calls - left.calls);
}

async function describe(
  options: MissingPricesOptions,
  row: QueryRow,
  calls: number,
): Promise<MissingPrice[]> {
  const { store, book, window } = options;
  const scope = window === undefined ? {} : { window };
  const filters = (['provider', 'model', 'cost_status'] as const).map((dimension): Filter => ({
    dimension,
    op: 'in',
    values: [text(row[dimension])],
  }));
  const search = (order: 'newest' | 'oldest', limit: number) =>
    store.calls({ ...scope, filters, order, limit });
  const newest = (await search('newest', 50)).filter(({ kind }) => kind === 'call');
  const [oldest] = await search('oldest', 1);
  const samples = await unresolved(options, newest.slice(0, mostSamples));
  // All that were looked at have been priced since; what is true of the newest is true of the rest.
  if (newest.length > 0 && samples !== null && samples.length === 0) return [];
  const entries = samples ?? [];
  const booked = text(row['provider']);
  const provider = booked === null ? null : options.priceAs(booked);
  const model = text(row['model']);
  const status = String(row['cost_status']) as CostStatus;
  const suggestion = provider === null || model === null ? null : suggestFor(book, provider, model);
  return [
    {
      provider,
      model,
      cost_status: status,
      calls,
      tokens_input: Number(row['tokens_input'] ?? 0),
      tokens_output: Number(row['tokens_output'] ?? 0),
      first_seen: oldest?.started_at ?? null,
      last_seen: newest[0]?.started_at ?? null,
      reasons: [...new Set(entries.flatMap(({ cost }) => cost.reason ?? []))],
      suggestion,
      priced_now: entries.length > 0 && entries.every((entry) => isPricedNow(options, entry)),
      ...remedyFor({ provider, model, status, suggestion, entries, book }),
    },
  ];
}

/**
 * The entries of these calls that are still without a price; null when none of them is kept any more.
 */
async function unresolved(
  { store, entryOf }: MissingPricesOptions,
  rows: readonly CallRow[],
): Promise<Entry[] | null> {
  const adjusted = await store.adjustments(rows.map(({ id }) => id));
  const entries: Entry[] = [];
  let kept = false;
  for (const { id } of rows) {
    const last = adjusted.get(id)?.at(-1);
    const correction = last === undefined ? null : await entryOf(last.row.id);
    const after = correction?.adjusts?.status_after;
    const entry = await entryOf(id);
    if (entry === null) continue;
    kept = true;
    if (after !== 'priced' && after !== 'not_billed') entries.push(entry);
  }
  return kept ? entries : null;
}

function isPricedNow({ book, priceAs }: MissingPricesOptions, entry: Entry): boolean {
  const request = requestOf(entry, priceAs);
  return request !== null && book.price(request).status === 'priced';
}

/** A listed model whose name is nearly the same; a listed one needs no twin. */
function suggestFor(book: PriceBook, provider: string, model: string): ModelName | null {
  return book.knows(provider, model) ? null : book.suggest(provider, model);
}

function text(value: string | number | null | undefined): string | null {
  return value == null ? null : String(value);
}
