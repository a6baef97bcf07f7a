import { levels, type Stream } from './cost-bench.js';

/** One false alarm in so many days of the stream's calls is what the bound is worked out for. */
const averageRunDays = 120;

/**
 * The fewest calls in which any detector can find doubled output on average, if it knew its distribution before and
 * after and watched nothing else: ln(calls between false alarms) by the information of one call,
 * (ln 2)² / 2σ² (G. Lorden, "Procedures for reacting to a change in distribution", 1971). Null for other kinds.
 */
export function lordenBound({ kind, level, outputDeviation }: Stream): number | null {
  if (kind !== 'output_doubled') return null;
  const run = levels[level] * 24 * averageRunDays;
  return (2 * outputDeviation ** 2 * Math.log(run)) / Math.LN2 ** 2;
}
