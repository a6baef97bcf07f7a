/** The normal quantile at 99.95 %: two-sided tests at 0.1 %. */
const normalQuantile = 3.290526731491926;

/**
 * Student's t at 99.95 % (two-sided 0.1 %) for so many degrees of freedom, which need not be whole. By the
 * expansion of Cornish and Fisher (Abramowitz & Stegun 26.7.5), within 1 % from 5 degrees on; Infinity
 * below, where it is no longer good and so few observations prove nothing.
 */
export function studentQuantile(degrees: number): number {
  if (degrees < 5) return Number.POSITIVE_INFINITY;
  const z = normalQuantile;
  const square = z * z;
  const first = (z * (square + 1)) / 4;
  const second = (z * (5 * square ** 2 + 16 * square + 3)) / 96;
  const third = (z * (3 * square ** 3 + 19 * square ** 2 + 17 * square - 15)) / 384;
  const fourth =
    (z * (79 * square ** 4 + 776 * square ** 3 + 1482 * square ** 2 - 1920 * square - 945)) /
    92_160;
  return z + first / degrees + second / degrees ** 2 + third / degrees ** 3 + fourth / degrees ** 4;
}
