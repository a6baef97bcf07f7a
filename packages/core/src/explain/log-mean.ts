/**
 * The logarithmic mean (a − b) ÷ ln(a ÷ b) of two positive numbers, which lies between them; their common
 * value where they are equal. With it, a difference of products splits into logarithms of their factors
 * without a rest (LMDI-I: Ang, Energy Policy 33, 2005).
 */
export function logMean(a: number, b: number): number {
  if (a === b) return a;
  const distance = a / b - 1;
  // ln(1 + d) ÷ d loses its digits near 1; the series of the mean does not.
  if (Math.abs(distance) < 1e-4) {
    return b * (1 + distance / 2 - distance ** 2 / 12 + distance ** 3 / 24);
  }
  return (a - b) / Math.log(a / b);
}
