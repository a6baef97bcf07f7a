import { FarthingError } from '../errors.js';
import type { Window } from './query.js';
import type { Closing } from './restatement.js';

/** The window of a month in UTC, e.g. `2026-10`. Throws `invalid_month`. */
export function monthWindow(month: string): Window {
  const match = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(month);
  if (match === null) {
    throw new FarthingError(
      'invalid_month',
      `"${month}" is not a month. Write year and month, e.g. 2026-10.`,
    );
  }
  const [, year, number] = match;
  return {
    from: `${month}-01T00:00:00.000Z`,
    to: new Date(Date.UTC(Number(year), Number(number), 1)).toISOString(),
  };
}

/** The closing that holds for a month: the last one, when it was closed again. */
export function closingOf(month: string, closings: readonly Closing[]): Closing | null {
  return closings.findLast((closing) => closing.month === month) ?? null;
}

/**
 * The time for a report "as closed": that of the closing of the month which the window lies in. Throws
 * `invalid_as_of` when the window is not within one month, or that month is not closed.
 */
export function asOfClosing(window: Window | undefined, closings: readonly Closing[]): string {
  const month = window?.from.slice(0, 7);
  if (window === undefined || month === undefined || window.to > monthWindow(month).to) {
    throw new FarthingError(
      'invalid_as_of',
      'As of "closed" needs a window within one month: give since and until, e.g. 2026-10-01 and 2026-11-01, or an as-of time instead.',
    );
  }
  const closing = closingOf(month, closings);
  if (closing !== null) return closing.as_of;
  throw new FarthingError(
    'invalid_as_of',
    `${month} is not closed. Close it with "farthing close ${month}", or give an as-of time.`,
  );
}
