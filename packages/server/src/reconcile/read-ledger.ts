import {
  canonicalProvider,
  LedgerCells,
  type Entry,
  type ExcludedDay,
  type LedgerCellsOptions,
  type Window,
} from '@farthing/core';
import { readBookedEntries } from '../ledger/index.js';
import type { Store } from '../store/store.js';

/** The ledger's side of a reconciliation. */
export interface LedgerSide {
  cells: LedgerCells;
  /** Days of which the journals no longer hold every call. */
  excludedDays: ExcludedDay[];
}

/**
 * Adds up what the journals hold of a provider's calls within `span`. Memory follows the number of
 * cells. Days of `window` of which the store knows more calls than the journals hold (retention) are
 * excluded: without their entries nothing could be said of them that is sure.
 */
export async function readLedgerSide(
  dataDirectory: string,
  store: Store,
  options: LedgerCellsOptions,
  window: Window,
  span: Window,
): Promise<LedgerSide> {
  // The store is asked first: what is booked meanwhile can only make the journals hold more.
  const booked = await callsByDay(store, options.provider, window);
  const cells = new LedgerCells(options);
  const read = new Map<string, number>();
  for await (const entry of readBookedEntries(dataDirectory, store, span)) {
    cells.add(entry);
    if (!isCall(entry, options.provider)) continue;
    const day = `${entry.started_at.slice(0, 10)}T00:00:00.000Z`;
    read.set(day, (read.get(day) ?? 0) + 1);
  }
  if (cells.suspects.size > 0) {
    for await (const entry of readBookedEntries(dataDirectory, store, span)) {
      cells.addRepeats(entry);
    }
  }
  const excludedDays: ExcludedDay[] = [];
  for (const [day, calls] of booked) {
    const held = read.get(day) ?? 0;
    if (held >= calls) continue;
    const reason = `the journals hold ${held} of the day's ${calls} calls; the rest is past journal.retention_days`;
    excludedDays.push({ day, reason });
  }
  return { cells, excludedDays };
}

async function callsByDay(
  store: Store,
  provider: string,
  window: Window,
): Promise<Map<string, number>> {
  const { rows } = await store.query({
    measures: ['calls'],
    dimensions: ['provider'],
    window,
    bucket: 'day',
    limit: 100_000,
  });
  const calls = new Map<string, number>();
  for (const row of rows) {
    if (canonicalProvider(String(row['provider'] ?? '')) !== provider) continue;
    const day = String(row['bucket']);
    calls.set(day, (calls.get(day) ?? 0) + Number(row['calls']));
  }
  return calls;
}

function isCall(entry: Entry, provider: string): boolean {
  return entry.kind === 'call' && canonicalProvider(entry.provider) === provider;
}
