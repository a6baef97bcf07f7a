/**
 * The logarithmic mean (a − b) ÷ ln(a ÷ b) of two positive numbers, which lies between them; their common
 * value where they are equal. With it, a difference of products splits into logarithms of their factors
 * without a rest (LMDI-I: Ang, Energy Policy 33, 2005).
 */
export function logMean(a: number, b: number): number {
  const distance = (a - b) / b;
  if (distance === 0) return b;
  // The quotient of two numbers that are nearly equal has lost the digits that its logarithm needs.
  if (Math.abs(distance) < 0.5) return b * (distance / Math.log1p(distance));
  return (a - b) / Math.log(a / b);
}
