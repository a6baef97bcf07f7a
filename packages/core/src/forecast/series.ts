/**
 * What equal steps of time took, oldest first, as a forecast reads it: floats, because a forecast is no
 * sum that is shown as booked.
 */
export interface Series {
  /** What each whole step took, in any unit, never negative. */
  values: readonly number[];
  /** Steps until the pattern comes again: 7 for days (weekdays), 24 for hours. */
  season: number;
  /** Where in its season `values[0]` stands, 0 to season − 1. */
  phase: number;
  /**
   * The step that runs: what it took so far, and the share of it that is over (0 to 1). `seen` is the share
   * that its value comes from, where that is less: the first calls of all came in the middle of it.
   */
  running?: { value: number; elapsed: number; seen?: number };
}

/** The place in its season of the step with this index, which may lie beyond the values. */
export function placeOf(
  { season, phase }: Pick<Series, 'season' | 'phase'>,
  index: number,
): number {
  return (index + phase) % season;
}

export function sumOf(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}

/** Standard deviation ÷ mean; 0 where nothing was taken, or nothing is known. */
export function variationOf(values: readonly number[]): number {
  const mean = sumOf(values) / values.length;
  if (!(mean > 0)) return 0;
  return Math.sqrt(sumOf(values.map((value) => (value - mean) ** 2)) / values.length) / mean;
}
