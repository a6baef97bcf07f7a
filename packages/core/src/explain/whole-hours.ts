import type { Window } from '../report/query.js';

const hour = 3_600_000;

/**
 * The window widened to whole hours, which roll-ups answer alone: good for finding dates, where an edge of a
 * part of an hour makes no difference, and not for sums.
 */
export function wholeHours({ from, to }: Window): Window {
  return {
    from: new Date(Math.floor(Date.parse(from) / hour) * hour).toISOString(),
    to: new Date(Math.ceil(Date.parse(to) / hour) * hour).toISOString(),
  };
}
