import {
  closingOf,
  FarthingError,
  formatUsd,
  monthWindow,
  parseUsd,
  type LateCalls,
  type RestatedBy,
  type Restatement,
} from '@farthing/core';
import type { RecordedRow } from '../store/store.js';
import { monthTotals } from './close-month.js';
import { readClosings } from './closings-file.js';
import type { BooksToCorrect } from './ports.js';

/**
 * How a closed month stands now: as closed, what was adjusted since, what came late, and that nothing
 * else accounts for the difference. Throws `invalid_month`, `month_not_closed`.
 */
export async function restateMonth(
  month: string,
  { store, dataDirectory, bookAll, now }: BooksToCorrect,
): Promise<Restatement> {
  const window = monthWindow(month);
  const closing = closingOf(month, await readClosings(dataDirectory));
  if (closing === null) {
    throw new FarthingError(
      'month_not_closed',
      `${month} is not closed, so there is nothing to compare with. Close it with "farthing close ${month}".`,
    );
  }
  await bookAll();
  const knownAt = now().toISOString();
  const asClosed = await monthTotals(store, window, closing.as_of);
  const known = await monthTotals(store, window, knownAt);
  const recorded = await store.recorded(window, { after: closing.as_of, until: knownAt });
  const difference = amount(known.cost) - amount(asClosed.cost);
  const adjustments = recorded.flatMap(restatedBy);
  const late = recorded.flatMap(lateCalls);
  const adjusted = sum(adjustments);
  const arrivedLate = sum(late);
  return {
    month,
    closing,
    as_closed: asClosed,
    reproduced: JSON.stringify(asClosed) === JSON.stringify(closing.totals),
    as_known_now: known,
    known_at: knownAt,
    adjustments,
    late,
    difference: formatUsd(difference),
    adjusted: formatUsd(adjusted),
    arrived_late: formatUsd(arrivedLate),
    unexplained: formatUsd(difference - adjusted - arrivedLate),
  };
}

function restatedBy({ cause, source, provider, model, entries, cost }: RecordedRow): RestatedBy[] {
  return cause === null ? [] : [{ cause, source, provider, model, entries, cost }];
}

function lateCalls(row: RecordedRow): LateCalls[] {
  if (row.cause !== null) return [];
  const { source, provider, model, entries, known_change: priced, unknown_change: unknown } = row;
  // The store sums what is known: nothing known is not a sum of nothing.
  const cost = priced === 0 && unknown > 0 ? null : row.cost;
  return [{ source, provider, model, calls: entries, calls_without_cost: unknown, cost }];
}

function amount(usd: string | null): bigint {
  return usd === null ? 0n : parseUsd(usd);
}

function sum(rows: readonly { cost: string | null }[]): bigint {
  return rows.reduce((total, { cost }) => total + amount(cost), 0n);
}
