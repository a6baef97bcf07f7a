import type { Picodollars } from '../money.js';

/**
 * Whole amounts in place of parts that were computed in floating point, so that they add up to `total`
 * exactly: each is rounded, and the rest (a few picodollars; of a part in 10^15 of what was added and
 * taken away, where amounts are larger than a float is exact for) is carried by the largest part, the
 * first of them where several are. Where there are no parts, there is nothing to carry a rest.
 */
export function roundParts(parts: readonly number[], total: Picodollars): Picodollars[] {
  const rounded = parts.map((part) => roundAway(part));
  if (rounded.length === 0) return rounded;
  const rest = total - rounded.reduce((sum, part) => sum + part, 0n);
  let largest = 0;
  for (const [index, part] of parts.entries()) {
    if (Math.abs(part) > Math.abs(parts[largest]!)) largest = index;
  }
  rounded[largest]! += rest;
  return rounded;
}

/** Ties away from zero, so that a change and its reverse differ in the sign alone. */
function roundAway(value: number): Picodollars {
  return BigInt(Math.sign(value) * Math.round(Math.abs(value)));
}
