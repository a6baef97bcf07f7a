import { divideHalfEven, formatUsd, type Picodollars } from '../money.js';
import type { IncidentSize } from './incident.js';
import { lastedOf, runPerHour, type RunSum } from './run-sum.js';
import { dayLength, hourLength, type SpendRecord } from './spend-record.js';

/** Exact amounts; `IncidentSize` has them as texts. */
export interface Excess {
  normalPerHour: Picodollars;
  nowPerHour: Picodollars;
  above: Picodollars;
  byMidnight: Picodollars;
  /** Until a day from now. */
  byNextDay: Picodollars;
  /** Null for a run: none goes on for weeks. */
  byMonthEnd: Picodollars | null;
  /** Whether nearly all of the calls have a price, so that it is not much more in truth. */
  isWhole: boolean;
}

/** Of ten calls nine have a price where sums tell what all of them cost. */
const isMostly = (priced: number, calls: number): boolean => priced * 10 >= calls * 9;

/**
 * What a group's calls cost above normal since a time: as many calls as there are, at what a call cost
 * before, so that more calls alone are nothing above normal. Until midnight and the month's end (UTC) as
 * many calls are expected as the last day had. Null where the cost before or since is not known.
 *
 * @param now milliseconds since 1970
 */
export function excessSince(record: SpendRecord, since: number, now: number): Excess | null {
  const normal = record.normal(since);
  const current = record.since(since);
  if (normal === null || current.priced === 0) return null;
  const { midnight, monthEnd } = ends(now);
  const calls = BigInt(current.priced);
  const of = (amount: Picodollars, part: number, whole: bigint) =>
    divideHalfEven(amount * scaled(part), whole * scale);
  const above = current.cost - divideHalfEven(normal.cost * calls, BigInt(normal.priced));
  const perHour = record.callsPerHour(now);
  return {
    normalPerHour: of(normal.cost, perHour, BigInt(normal.priced)),
    nowPerHour: of(current.cost, perHour, calls),
    above,
    byMidnight: above + of(above, record.callsUntil(midnight, now), calls),
    byNextDay: above + of(above, record.callsUntil(now + dayLength, now), calls),
    byMonthEnd: above + of(above, record.callsUntil(monthEnd, now), calls),
    isWhole: isMostly(current.priced, current.calls),
  };
}

/**
 * What a run costs: all of it is above normal. Until midnight it is expected to go on at its pace for as long
 * again as it has called already, which is all that is known of when it ends. For the next day, by which it
 * pages, it is not: nobody may be there to stop it.
 */
export function excessOfRun(record: SpendRecord, run: Readonly<RunSum>, now: number): Excess {
  const { midnight } = ends(now);
  const lasted = lastedOf(run);
  const perHour = runPerHour(run, now);
  const within = (milliseconds: number) =>
    run.cost + divideHalfEven(perHour * BigInt(Math.round(milliseconds)), BigInt(hourLength));
  const normal = record.normal(run.since);
  const ofLastHour = run.calls * Math.min(1, hourLength / lasted);
  const others = Math.max(0, record.callsPerHour(now) - ofLastHour);
  const normalPerHour =
    normal === null
      ? 0n
      : divideHalfEven(normal.cost * scaled(others), BigInt(normal.priced) * scale);
  return {
    normalPerHour,
    nowPerHour: normalPerHour + perHour,
    above: run.cost,
    byMidnight: within(Math.min(midnight - now, lasted)),
    byNextDay: within(dayLength),
    byMonthEnd: null,
    isWhole: isMostly(run.priced, run.calls),
  };
}

export function addExcess(a: Excess, b: Excess): Excess {
  return {
    normalPerHour: a.normalPerHour + b.normalPerHour,
    nowPerHour: a.nowPerHour + b.nowPerHour,
    above: a.above + b.above,
    byMidnight: a.byMidnight + b.byMidnight,
    byNextDay: a.byNextDay + b.byNextDay,
    byMonthEnd: a.byMonthEnd === null || b.byMonthEnd === null ? null : a.byMonthEnd + b.byMonthEnd,
    isWhole: a.isWhole && b.isWhole,
  };
}

export function sizeOf(excess: Excess): IncidentSize {
  return {
    normal_usd_per_hour: formatUsd(excess.normalPerHour),
    now_usd_per_hour: formatUsd(excess.nowPerHour),
    above_usd_per_hour: formatUsd(excess.nowPerHour - excess.normalPerHour),
    above_usd: formatUsd(excess.above),
    by_midnight_usd: formatUsd(excess.byMidnight),
    by_month_end_usd: excess.byMonthEnd === null ? null : formatUsd(excess.byMonthEnd),
  };
}

/** What is over, or has fallen silent: nothing more is expected of it. */
export function settled(size: IncidentSize): IncidentSize {
  const { normal_usd_per_hour: normal, above_usd: above, by_month_end_usd: byMonthEnd } = size;
  return {
    ...size,
    now_usd_per_hour: normal,
    above_usd_per_hour: '0',
    by_midnight_usd: above,
    by_month_end_usd: byMonthEnd === null ? null : above,
  };
}

/** Numbers of calls have parts where they are rates: thousandths of them. */
const scale = 1_000n;
const scaled = (calls: number): bigint => BigInt(Math.round(calls * 1_000));

function ends(now: number): { midnight: number; monthEnd: number } {
  const date = new Date(now);
  return {
    midnight: (Math.floor(now / dayLength) + 1) * dayLength,
    monthEnd: Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1),
  };
}
