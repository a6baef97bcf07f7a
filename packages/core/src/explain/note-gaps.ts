import type { Query, QueryResult, Window } from '../report/query.js';
import { wholeHours } from './whole-hours.js';

const day = 86_400_000;

/**
 * What of the two windows the books do not cover, in sentences: windows of different length, or a time from
 * before the first call. Asked without filters: a feature that began later is no gap of the books.
 */
export async function noteGaps(
  ask: (query: Query) => Promise<QueryResult>,
  window: Window,
  against: Window,
): Promise<string[]> {
  const notes: string[] = [];
  const lengths = [against, window].map(({ from, to }) => Date.parse(to) - Date.parse(from));
  if (lengths[0] !== lengths[1]) {
    notes.push(
      `The windows are of different length (${days(lengths[0]!)} and ${days(lengths[1]!)}): what differs for that reason shows as more or fewer calls.`,
    );
  }
  const { rows } = await ask({
    measures: ['calls'],
    window: wholeHours(against),
    bucket: 'day',
    order: [{ by: 'bucket', direction: 'asc' }],
    limit: 1,
  });
  const first = rows[0]?.['bucket'];
  if (first === undefined) {
    notes.push('The books have no calls in the earlier window: there is nothing to compare with.');
  } else if (Date.parse(String(first)) - Date.parse(against.from) >= day) {
    notes.push(
      `The books have no calls in the earlier window before ${String(first).slice(0, 10)}: part of the difference is that they begin there.`,
    );
  }
  return notes;
}

function days(milliseconds: number): string {
  const count = Math.round((milliseconds / day) * 10) / 10;
  return `${count} ${count === 1 ? 'day' : 'days'}`;
}
