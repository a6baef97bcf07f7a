import type { Measure, QueryRow } from '../report/query.js';

/** How the cost of the dearest calls moved against the period before (requirement R32). */
export interface P95Drift {
  usd: string | null;
  before_usd: string | null;
  /** 0.4 is 40 % up; null where it is not judged. */
  change: number | null;
  /** More than 30 % up or down: worth a look. */
  exceeds: boolean;
}

export const p95Measures: Measure[] = ['calls', 'unpriced_calls', 'errors', 'cost_p95'];

/** R32: a P95 that moves by more needs a look. */
const p95Threshold = 0.3;
/** Of fewer calls, P95 is one of the five dearest: chance. */
const leastPriced = 100;

export function compareP95(now: QueryRow | undefined, before: QueryRow | undefined): P95Drift {
  const usd = usdOf(now);
  const earlier = usdOf(before);
  const isJudged =
    usd !== null &&
    earlier !== null &&
    Number(earlier) > 0 &&
    priced(now) >= leastPriced &&
    priced(before) >= leastPriced;
  const change = isJudged ? Math.round((Number(usd) / Number(earlier) - 1) * 1e4) / 1e4 : null;
  return {
    usd,
    before_usd: earlier,
    change,
    exceeds: change !== null && Math.abs(change) > p95Threshold,
  };
}

function usdOf(row: QueryRow | undefined): string | null {
  const value = row?.['cost_p95'];
  return value == null ? null : String(value);
}

function priced(row: QueryRow | undefined): number {
  const count = (name: string) => Number(row?.[name] ?? 0);
  return count('calls') - count('unpriced_calls') - count('errors');
}
