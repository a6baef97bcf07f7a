import { picodollarsPerUsd } from '../money.js';
import { dayMilliseconds, weekdayOf } from './calendar.js';
import type { DailySpend, Days } from './daily-spend.js';
import { project, type Confidence, type Interval } from './project.js';

/**
 * What a forecast of a group rests on: its own pattern; what it took a day so far, because it is too young
 * for one; nothing, because it has stopped or never began.
 */
export type ForecastBasis = 'pattern' | 'run_rate' | 'stopped' | 'nothing';

/** So many whole days a group must have before its days show a pattern. */
export const leastDays = 7;

/** Silent for so long, and for more than twice as long as ever before: it has stopped. */
const leastSilence = 3;

export interface SpendProjection {
  basis: ForecastBasis;
  /** Whole days that it rests on. */
  days: number;
  /** USD that the days to come are expected to take; the first is the rest of today. */
  path: readonly number[];
  expected(from: number, to: number): number;
  interval(confidence: Confidence, from: number, to: number): Interval;
}

/**
 * Forecasts what a group of calls will take in the next `steps` days, today's rest being the first.
 *
 * @param over the share of today that is over ({@link shareOfDayOver})
 * @param seen the share of today since the first call of all, where that was today
 */
export function projectSpend(
  spend: DailySpend,
  days: Days,
  over: number,
  steps: number,
  seen: number | null = null,
): SpendProjection {
  const { usd, calls } = spend;
  const today = days.count - 1;
  const active = calls.flatMap((count, day) => (count > 0 || usd[day] !== 0n ? [day] : []));
  const begins = active[0];
  if (begins === undefined) return nothing('nothing', 0, steps);
  // The first day began somewhere in its middle, which counts only while there is little else.
  const first = today - begins > 3 ? begins + 1 : begins;
  const last = hasStopped(active, today) ? active.at(-1)! : null;
  const dollars = (day: number) => Math.max(0, Number(usd[day]!)) / Number(picodollarsPerUsd);
  const until = last === null ? today : last + 1;
  const values = Array.from({ length: Math.max(0, until - first) }, (_, day) =>
    dollars(first + day),
  );
  const projection = project(
    {
      values,
      season: 7,
      phase: weekdayOf(days.first + first * dayMilliseconds),
      ...(last === null
        ? { running: { value: dollars(today), elapsed: over, ...(seen === null ? {} : { seen }) } }
        : {}),
    },
    steps,
  );
  if (last !== null) {
    return {
      ...nothing('stopped', values.length, steps),
      // Where it comes back today, it is as it was.
      interval: (confidence, from, to) => ({
        low: 0,
        high: confidence === 80 ? 0 : projection.expected(from, to),
      }),
    };
  }
  return {
    basis: values.length >= leastDays ? 'pattern' : 'run_rate',
    days: values.length,
    path: projection.path,
    expected: projection.expected,
    interval: projection.interval,
  };
}

function nothing(basis: ForecastBasis, days: number, steps: number): SpendProjection {
  return {
    basis,
    days,
    path: Array.from({ length: steps }, () => 0),
    expected: () => 0,
    interval: () => ({ low: 0, high: 0 }),
  };
}

/** @param active days with calls, in order */
function hasStopped(active: readonly number[], today: number): boolean {
  let longest = 0;
  for (let index = 1; index < active.length; index++) {
    longest = Math.max(longest, active[index]! - active[index - 1]! - 1);
  }
  const silent = today - active.at(-1)! - 1;
  return silent >= leastSilence && silent > 2 * longest;
}
