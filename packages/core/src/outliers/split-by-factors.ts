import { logMean } from '../explain/log-mean.js';

/**
 * Splits the difference of two amounts, each the product of its factors, among the factors: each gets the
 * logarithmic mean of the amounts times the logarithm of how it moved, which leaves no rest (LMDI-I: Ang,
 * Energy Policy 33, 2005). A factor that is 0 on one side made the amount appear or vanish, and gets all
 * of it. The effects add up to `now − before` but for the rounding of floats.
 *
 * @param factors now and before, none negative; a factor that is not known is the same on both sides.
 */
export function splitByFactors(
  now: number,
  before: number,
  factors: readonly (readonly [now: number, before: number])[],
): number[] {
  if (now > 0 && before > 0 && factors.every(([a, b]) => a > 0 && b > 0)) {
    const mean = logMean(now, before);
    return factors.map(([a, b]) => mean * Math.log(a / b));
  }
  const vanished = factors.map(([a, b]) => a > 0 !== b > 0);
  const first = vanished.indexOf(true);
  // Amounts of nothing (a minimum charge, a credit): the last factor is the price, and tells of that.
  const bearer = first === -1 ? factors.length - 1 : first;
  return factors.map((_, index) => (index === bearer ? now - before : 0));
}
