import { FarthingError } from '../errors.js';
import type { Window } from '../report/query.js';

export const dayMilliseconds = 86_400_000;
export const hourMilliseconds = 3_600_000;

/** Further ahead a month's spend would be no forecast, but a guess. */
const mostMonthsAhead = 12;

/** The month (`2026-12`) that a moment (ISO 8601) lies in, by UTC. */
export function monthOf(moment: string): string {
  return moment.slice(0, 7);
}

/** A month as a window: `2026-12` → 1 December to 1 January, UTC. Throws `invalid_month`. */
export function monthWindow(month: string): Window {
  const match = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(month);
  if (match === null || Number(match[1]) < 1970) {
    throw new FarthingError(
      'invalid_month',
      `${JSON.stringify(month)} is not a month. Write it as year and month: 2026-12.`,
    );
  }
  const [year, index] = [Number(match[1]), Number(match[2]) - 1];
  return { from: iso(Date.UTC(year, index)), to: iso(Date.UTC(year, index + 1)) };
}

/** The month to forecast: not further ahead than a year. Throws `invalid_month`. */
export function readForecastMonth(text: string, now: Date): string {
  const { from } = monthWindow(text);
  const latest = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + mostMonthsAhead);
  if (Date.parse(from) <= latest) return text;
  throw new FarthingError(
    'invalid_month',
    `${text} lies more than ${mostMonthsAhead} months ahead; a forecast goes to ${monthOf(iso(latest))}.`,
  );
}

/** The month before a month's window, as a window. */
export function monthBefore({ from }: Window): Window {
  const start = new Date(from);
  return { from: iso(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() - 1)), to: from };
}

/** Where the UTC day of a moment (milliseconds since 1970) begins. */
export function startOfDay(moment: number): number {
  return Math.floor(moment / dayMilliseconds) * dayMilliseconds;
}

/** Of a day that begins at this moment; Monday is 0. 1970-01-01 was a Thursday. */
export function weekdayOf(day: number): number {
  return (Math.floor(day / dayMilliseconds) + 3) % 7;
}

export function iso(moment: number): string {
  return new Date(moment).toISOString();
}
