import type { QueryRow } from '@farthing/core';
import { runQuery } from '../api/contract.js';
import { countOf } from '../api/row.js';
import { plural } from '../figures/counts.js';

export async function fetchBooked(
  _now: number,
  signal: AbortSignal,
): Promise<QueryRow | undefined> {
  return (await runQuery({ measures: ['calls', 'adjustments'] }, signal)).rows[0];
}

/** `12 calls and 18 adjustments booked`: an adjustment is an entry of the books, and no call. */
export function bookedLine(totals: QueryRow | undefined): string {
  const adjustments = countOf(totals, 'adjustments');
  const calls = plural(countOf(totals, 'calls'), 'call');
  return adjustments === 0
    ? `${calls} booked`
    : `${calls} and ${plural(adjustments, 'adjustment')} booked`;
}
