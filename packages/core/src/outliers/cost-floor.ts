import { formatUsd, parseUsd, picodollarsPerUsd } from '../money.js';
import type { QueryRow } from '../report/query.js';

/** Groups with fewer calls have no spread of their own to go by. */
export const leastGroupCalls = 30;

/** An outlier costs more than so many times the median of its group (R27). */
export const medianFactor = 3;

/** And one call in a thousand of its group would cost as much, by the tail of the group's costs. */
export const tailProbability = 1e-3;

/** From so many calls on, the 99th percentile is not one of the outliers itself. */
const leastForP99 = 300;

/** Costs spread at least so much (a mean excess of the logarithm): all alike would make any other an outlier. */
const leastSpread = 0.1;

/** How the costs of a group spread. Costs are in USD. */
export interface CostSpread {
  calls: number;
  median_usd: string;
  /** What costs more is an outlier. */
  floor_usd: string;
}

/**
 * From which cost on a call of a group is an outlier: more than 3 × its median, and in its tail, where
 * one call in a thousand is. The tail of the logarithms is taken as exponential (peaks over threshold:
 * Pickands 1975), its mean excess from two percentiles, which a few outliers do not move: the 95th and
 * the 99th, and in groups under 300 calls the 90th and the 95th. Null where there are too few calls, or
 * no median above 0.
 *
 * @param row with `spreadMeasures`; `calls` must be those with a cost.
 */
export function costFloor(row: QueryRow | undefined, calls: number): CostSpread | null {
  if (row === undefined || calls < leastGroupCalls) return null;
  const percentile = (name: string): number => Number(row[name] ?? 0);
  const median = percentile('cost_p50');
  if (!(median > 0)) return null;
  const [lower, upper, above] =
    calls < leastForP99
      ? [percentile('cost_p90'), percentile('cost_p95'), 0.05]
      : [percentile('cost_p95'), percentile('cost_p99'), 0.01];
  // The part of the calls above the lower one: twice, or five times, that above the upper one.
  const steps = Math.log((calls < leastForP99 ? 0.1 : 0.05) / above);
  const excess = Math.max(Math.log(upper / lower) / steps, leastSpread);
  const tail = upper * Math.exp(excess * Math.log(above / tailProbability));
  const exactMedian = parseUsd(String(row['cost_p50']));
  const least = exactMedian * BigInt(medianFactor);
  const inTail = fromFloat(tail);
  return {
    calls,
    median_usd: formatUsd(exactMedian),
    floor_usd: formatUsd(inTail > least ? inTail : least),
  };
}

/** Largest amount of the store; a tail beyond it lets nothing through. */
const largest = 9_223_372_036_854_775_807n;

function fromFloat(usd: number): bigint {
  const picodollars = usd * Number(picodollarsPerUsd);
  return Number.isFinite(picodollars) && picodollars < Number(largest)
    ? BigInt(Math.round(picodollars))
    : largest;
}
