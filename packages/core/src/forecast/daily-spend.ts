import { parseUsdRounded, type Picodollars } from '../money.js';
import type { Dimension, QueryRow } from '../report/query.js';
import { groupKey } from '../report/group-key.js';
import { dayMilliseconds } from './calendar.js';

/** What a group took by UTC day. */
export interface DailySpend {
  /** By the day's index from the first day on; the last one runs. */
  usd: Picodollars[];
  /** Those whose cost is known. */
  calls: number[];
}

/** A span of UTC days: `count` of them from `first` on (milliseconds since 1970), the last one running. */
export interface Days {
  first: number;
  count: number;
}

/**
 * Rows of day buckets as spend by day, for each group of the dimensions. Exact; days without a row took
 * nothing.
 */
export function dailySpend(
  rows: readonly QueryRow[],
  by: readonly Dimension[],
  days: Days,
): Map<string, DailySpend> {
  const groups = new Map<string, DailySpend>();
  for (const row of rows) {
    const index = Math.floor((Date.parse(String(row['bucket'])) - days.first) / dayMilliseconds);
    if (!(index >= 0 && index < days.count)) continue;
    const key = groupKey(row, by);
    let group = groups.get(key);
    if (group === undefined) groups.set(key, (group = noSpend(days)));
    group.usd[index] = group.usd[index]! + parseUsdRounded(String(row['cost'] ?? '0'));
    group.calls[index] =
      group.calls[index]! + Number(row['calls'] ?? 0) - Number(row['unpriced_calls'] ?? 0);
  }
  return groups;
}

export function noSpend({ count }: Days): DailySpend {
  return {
    usd: Array.from({ length: count }, () => 0n),
    calls: Array.from({ length: count }, () => 0),
  };
}

/** What is left of a whole when its parts are taken away: the groups that are not shown. */
export function spendBeside(whole: DailySpend, parts: Iterable<DailySpend>): DailySpend {
  const rest = { usd: [...whole.usd], calls: [...whole.calls] };
  for (const part of parts) {
    part.usd.forEach((usd, index) => (rest.usd[index] = rest.usd[index]! - usd));
    part.calls.forEach((calls, index) => (rest.calls[index] = rest.calls[index]! - calls));
  }
  return rest;
}

/** The exact sum of the days with these indexes (from, to exclusive). */
export function spentBetween({ usd }: DailySpend, from: number, to: number): Picodollars {
  let sum = 0n;
  for (let day = Math.max(0, from); day < Math.min(usd.length, to); day++) sum += usd[day]!;
  return sum;
}
