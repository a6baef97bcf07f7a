/** Mean and population standard deviation of values; the deviation of values that are all alike is exactly 0. */
export function spreadOf(values: readonly number[]): { mean: number; deviation: number } {
  if (values.length === 0) return { mean: 0, deviation: 0 };
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  const deviation = Math.sqrt(square);
  // What is left of equal values is rounding: a score over it would be noise over noise.
  return { mean, deviation: deviation <= Math.abs(mean) * 1e-9 ? 0 : deviation };
}
