import { spreadOf } from './deviation.js';

export interface AverageTerms {
  /** Values that are looked back on. */
  window: number;
  /** Standard deviations above their mean. */
  sigmas: number;
  /** Says nothing of fewer values. */
  least: number;
}

/** As the rule is usually given for days. */
export const usualMovingAverage: AverageTerms = { window: 14, sigmas: 3, least: 3 };
/** As it is for hours: those of 14 days, at least a day of them. */
export const usualHourlyAverage: AverageTerms = { window: 14 * 24, sigmas: 2, least: 24 };

/**
 * Mean of the last values, and what lies `sigmas` standard deviations above it; null where there are fewer
 * than `least`, or where they do not spread.
 */
export function averageLimit(
  before: readonly number[],
  { window, sigmas, least }: AverageTerms,
): { mean: number; limit: number } | null {
  const values = before.slice(-window);
  if (values.length < least) return null;
  const { mean, deviation } = spreadOf(values);
  return deviation === 0 ? null : { mean, limit: mean + sigmas * deviation };
}

/** A call that costs more than so many times the median of its feature; without a median, none does. */
export function isOverMedian(cost: number, median: number, factor = 3): boolean {
  return median > 0 && cost > factor * median;
}
