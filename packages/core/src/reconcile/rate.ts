import { divideHalfEven, parseDecimal, type Picodollars } from '../money.js';

/** An exact price of one token or unit: a fraction of picodollars. `denominator` is positive. */
export interface Rate {
  numerator: bigint;
  denominator: bigint;
}

/** Quantity × rate, rounded once, half to even. */
export function valueAt(quantity: number, { numerator, denominator }: Rate): Picodollars {
  return divideHalfEven(BigInt(quantity) * numerator, denominator);
}

/** The rate that makes `quantity` cost `amount`; undefined for no quantity. */
export function rateFrom(amount: Picodollars, quantity: number): Rate | undefined {
  return quantity > 0 ? { numerator: amount, denominator: BigInt(quantity) } : undefined;
}

/** A published rate: `usd` (a decimal string) for `per` units. */
export function rateFromPublished(usd: string, per: number): Rate {
  const [numerator, digits] = parseDecimal(usd);
  return { numerator: numerator * 10n ** 12n, denominator: 10n ** BigInt(digits) * BigInt(per) };
}

/** Negative, zero or positive as left is below, equal to or above right. */
export function compareRates(left: Rate, right: Rate): number {
  const difference = left.numerator * right.denominator - right.numerator * left.denominator;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** USD per million, for people: six decimals at most, e.g. `2.5`. */
export function perMillion({ numerator, denominator }: Rate): string {
  const micros = divideHalfEven(numerator, denominator);
  const whole = micros / 1_000_000n;
  const rest = (micros < 0n ? -micros : micros) % 1_000_000n;
  const fraction = rest.toString().padStart(6, '0').replace(/0+$/, '');
  const sign = micros < 0n && whole === 0n ? '-' : '';
  return fraction === '' ? `${sign}${whole}` : `${sign}${whole}.${fraction}`;
}

/**
 * Divides an amount by weights without losing a picodollar: shares are rounded cumulatively, so that
 * they add up to `total` exactly. All weights 0 count as all equal.
 */
export function apportion(total: Picodollars, weights: readonly bigint[]): Picodollars[] {
  const sum = weights.reduce((left, right) => left + right, 0n);
  const used = sum === 0n ? weights.map(() => 1n) : weights;
  const all = sum === 0n ? BigInt(weights.length) : sum;
  let seen = 0n;
  let given = 0n;
  return used.map((weight) => {
    seen += weight;
    const upTo = divideHalfEven(total * seen, all);
    const share = upTo - given;
    given = upTo;
    return share;
  });
}

export function magnitude(amount: bigint): bigint {
  return amount < 0n ? -amount : amount;
}
