import { deviationsAbove } from './deviation.js';

/**
 * Whether a value (a day's spend of an agent) lies more than `sigmas` standard deviations above the moving
 * average of those before it. Never where there are fewer than `least`, or where they do not spread.
 */
export function isBeyondMovingAverage(
  value: number,
  before: readonly number[],
  { window = 14, sigmas = 3, least = 3 }: { window?: number; sigmas?: number; least?: number } = {},
): boolean {
  const values = before.slice(-window);
  if (values.length < least) return false;
  const deviations = deviationsAbove(value, values);
  return deviations !== null && deviations > sigmas;
}

/** An hour's spend of a feature against the hours of the last 14 days: more than 2 standard deviations above. */
export function isHourBeyondAverage(value: number, before: readonly number[]): boolean {
  return isBeyondMovingAverage(value, before, { window: 14 * 24, sigmas: 2, least: 24 });
}

/** A call that costs more than so many times the median of its feature; without a median, none does. */
export function isOverMedian(cost: number, median: number, factor = 3): boolean {
  return median > 0 && cost > factor * median;
}

/** Three things to watch apart: the ratio moves when one of the others does not tell. Null without input. */
export function tokenMetrics(tokens: { input: number; output: number }): {
  input: number;
  output: number;
  output_per_input: number | null;
} {
  const { input, output } = tokens;
  return { input, output, output_per_input: input > 0 ? output / input : null };
}
