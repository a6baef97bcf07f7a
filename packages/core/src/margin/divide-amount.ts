import { divideHalfEven, type Picodollars } from '../money.js';

/** One cent in picodollars. */
export const cent: Picodollars = 10_000_000_000n;

/**
 * Divides an amount by weights without a rest: everybody gets the whole units of their exact share, and
 * what is left goes to the largest remainders, one unit each (Hamilton's method); among equals, to the
 * first. Weights below 0 count as 0; when nobody has any, all have the same.
 */
export function divideAmount(amount: bigint, weights: readonly bigint[]): bigint[] {
  if (amount < 0n) return divideAmount(-amount, weights).map((part) => -part);
  if (weights.length === 0) return [];
  const positive = weights.map((weight) => (weight > 0n ? weight : 0n));
  const sum = positive.reduce((all, weight) => all + weight, 0n);
  const [shares, whole] =
    sum === 0n ? [weights.map(() => 1n), BigInt(weights.length)] : [positive, sum];
  const parts = shares.map((share) => (amount * share) / whole);
  const remainders = shares.map((share, index) => ({ index, rest: (amount * share) % whole }));
  return giveUnits(parts, remainders, amount - parts.reduce((all, part) => all + part, 0n));
}

/**
 * Rounds amounts to cents so that the rounded ones add up to their rounded sum: down to the cent, and
 * the missing cents to the largest remainders. No amount moves by a cent or more.
 *
 * @param total what they shall add up to; by default their sum, half to even. Whole cents, in picodollars.
 */
export function roundToCents(
  amounts: readonly Picodollars[],
  total: Picodollars = centsOf(amounts.reduce((all, amount) => all + amount, 0n)),
): Picodollars[] {
  const floors = amounts.map((amount) => floorDivide(amount, cent));
  const remainders = amounts.map((amount, index) => ({
    index,
    rest: amount - floors[index]! * cent,
  }));
  const missing = total / cent - floors.reduce((all, floor) => all + floor, 0n);
  return giveUnits(floors, remainders, missing).map((cents) => cents * cent);
}

/** An amount in whole cents, half to even, in picodollars. */
export function centsOf(amount: Picodollars): Picodollars {
  return divideHalfEven(amount, cent) * cent;
}

function giveUnits(
  parts: readonly bigint[],
  remainders: readonly { index: number; rest: bigint }[],
  units: bigint,
): bigint[] {
  const given = [...parts];
  const first = remainders.toSorted(
    (a, b) => Number(b.rest > a.rest) - Number(b.rest < a.rest) || a.index - b.index,
  );
  for (const { index } of first.slice(0, Number(units))) given[index]! += 1n;
  return given;
}

function floorDivide(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  return numerator % denominator < 0n ? quotient - 1n : quotient;
}
