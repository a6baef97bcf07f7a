import { setTimeout } from 'node:timers/promises';
import {
  closingOf,
  FarthingError,
  monthWindow,
  type Closing,
  type Measure,
  type MonthTotals,
  type QueryRow,
  type Window,
} from '@farthing/core';
import type { Store } from '../store/store.js';
import { appendClosing, readClosings } from './closings-file.js';
import type { BooksToCorrect } from './ports.js';

export interface CloseRequest {
  /** `2026-10`. */
  month: string;
  /** ISO 8601, not before the month's end. Default: now. */
  asOf?: string | undefined;
  by: string;
  /** Close it once more, with what is known by now. */
  again: boolean;
}

/** What is journalled this long after its own time still belongs to it. */
const graceMilliseconds = 1000;

export const totalMeasures: Measure[] = [
  'calls',
  'unpriced_calls',
  'cost',
  'list_cost',
  'tokens_input',
  'tokens_output',
];

/**
 * Records a closing: the month's figures as known at a time. Throws `invalid_month`, `month_open`,
 * `month_closed`, `invalid_as_of`.
 */
export async function closeMonth(request: CloseRequest, books: BooksToCorrect): Promise<Closing> {
  const { month, by, again } = request;
  const window = monthWindow(month);
  const now = books.now();
  const asOf = request.asOf ?? now.toISOString();
  if (asOf > now.toISOString()) {
    throw new FarthingError('invalid_as_of', `${asOf} lies in the future; close as of now.`);
  }
  if (asOf < window.to) {
    throw new FarthingError(
      'month_open',
      `${month} is not over at ${asOf}: it ends at ${window.to} (UTC). Close it after that.`,
    );
  }
  const closed = closingOf(month, await readClosings(books.dataDirectory));
  if (closed !== null && !again) {
    throw new FarthingError(
      'month_closed',
      `${month} was closed at ${closed.closed_at} as of ${closed.as_of}, by ${closed.by}. See what changed since with "farthing restatement ${month}", or close it once more with --again.`,
    );
  }
  // A call that ended in this very moment may not be in its journal yet.
  const early = Date.parse(asOf) + graceMilliseconds - now.getTime();
  if (early > 0) await setTimeout(early);
  await books.bookAll();
  const scope = { window, as_of: asOf };
  const closing: Closing = {
    month,
    as_of: asOf,
    closed_at: books.now().toISOString(),
    by,
    totals: await monthTotals(books.store, window, asOf),
    rows: (
      await books.store.query({
        ...scope,
        measures: totalMeasures,
        dimensions: ['provider', 'model'],
        order: [{ by: 'cost', direction: 'desc' }],
        limit: 10_000,
      })
    ).rows,
  };
  await appendClosing(books.dataDirectory, closing);
  return closing;
}

/** The figures of a window as known at a time. */
export async function monthTotals(
  store: Store,
  window: Window,
  asOf: string,
): Promise<MonthTotals> {
  const { rows } = await store.query({ measures: totalMeasures, window, as_of: asOf });
  return readTotals(rows[0] ?? {});
}

function readTotals(row: QueryRow): MonthTotals {
  const count = (name: Measure): number => Number(row[name] ?? 0);
  const money = (name: Measure): string | null => (row[name] == null ? null : String(row[name]));
  return {
    calls: count('calls'),
    unpriced_calls: count('unpriced_calls'),
    cost: money('cost'),
    list_cost: money('list_cost'),
    tokens_input: count('tokens_input'),
    tokens_output: count('tokens_output'),
  };
}
