import { setImmediate } from 'node:timers/promises';
import type { Entry, Filter, Window } from '@farthing/core';
import { readBookedEntries, readEntriesAt, windowOf } from '../ledger/index.js';
import type { BooksToWalk } from './ports.js';

/** Which calls a walk is about. */
export interface WalkScope {
  /** Calls that began in it. */
  window: Window;
  provider?: string | undefined;
  model?: string | undefined;
}

/** A booked call and the adjustments that are booked for it. */
export interface AdjustedCall {
  call: Entry;
  adjustments: Entry[];
}

/** So many calls are in memory at once. */
const batchCalls = 1000;

/**
 * The booked calls of the scope with their adjustments, batch by batch. Between two batches other work
 * of the process gets its turn. A call whose adjustments are no longer retained is left out, like a
 * call that is no longer retained itself.
 */
export async function* walkCalls(
  books: BooksToWalk,
  scope: WalkScope,
): AsyncGenerator<AdjustedCall[]> {
  let batch: Entry[] = [];
  for await (const entry of readBookedEntries(books.dataDirectory, books.store, scope.window)) {
    if (!isInScope(entry, scope)) continue;
    batch.push(entry);
    if (batch.length < batchCalls) continue;
    yield await withAdjustments(books, batch);
    batch = [];
    books.signal?.throwIfAborted();
    await setImmediate();
  }
  if (batch.length > 0) yield await withAdjustments(books, batch);
}

/** How many calls of the scope the books hold, retained in a journal or not. */
export async function countCalls(books: BooksToWalk, scope: WalkScope): Promise<number> {
  const filters: Filter[] = [];
  for (const dimension of ['provider', 'model'] as const) {
    const value = scope[dimension];
    if (value !== undefined) filters.push({ dimension, op: 'in', values: [value] });
  }
  const { rows } = await books.store.query({ measures: ['calls'], window: scope.window, filters });
  return Number(rows[0]?.['calls'] ?? 0);
}

function isInScope(entry: Entry, { provider, model }: WalkScope): boolean {
  if (entry.kind !== 'call') return false;
  if (provider !== undefined && entry.provider !== provider) return false;
  return model === undefined || entry.model === model;
}

async function withAdjustments(
  { dataDirectory, store }: BooksToWalk,
  calls: readonly Entry[],
): Promise<AdjustedCall[]> {
  const ids = calls.map(({ id }) => id);
  const known = await store.adjustments(ids, windowOf(calls));
  if (known.size === 0) return calls.map((call) => ({ call, adjustments: [] }));
  const places = [...known.values()].flat().map(({ row, position }) => ({ id: row.id, position }));
  const entries = await readEntriesAt(dataDirectory, places);
  return calls.flatMap((call) => {
    const rows = known.get(call.id) ?? [];
    const adjustments = rows.flatMap(({ row }) => entries.get(row.id) ?? []);
    return adjustments.length === rows.length ? [{ call, adjustments }] : [];
  });
}
