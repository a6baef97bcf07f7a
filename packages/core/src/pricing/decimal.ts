import { divideHalfEven, parseDecimal } from '../money.js';

/** An exact decimal number: `numerator / 10^digits`. Rates and their factors, before rounding. */
export interface Decimal {
  readonly numerator: bigint;
  readonly digits: number;
}

/** Decimals that people may state a rate or a discount with. */
export const statedDecimals = 12;

/**
 * Decimals of a rate once everything has been multiplied into it (discounts, tiers, regions): the exact
 * product is rounded to them once. A million million tokens at such a rate are exact to the picodollar,
 * and FOCUS can state the quantity of a single token beside it.
 */
export const rateDecimals = 18;

/**
 * Characters of a rate that is read: more than are ever written ({@link rateDecimals}), because records of
 * earlier versions and of other programs may have more decimals.
 */
export const longestRateRead = 256;

/** Reads a plain decimal string. Throws `invalid_amount`. */
export function decimalOf(text: string): Decimal {
  const [numerator, digits] = parseDecimal(text, longestRateRead);
  return { numerator, digits };
}

/** To at most so many decimals, half to even. */
export function roundDecimal(value: Decimal, digits: number): Decimal {
  if (value.digits <= digits) return value;
  return {
    numerator: divideHalfEven(value.numerator, 10n ** BigInt(value.digits - digits)),
    digits,
  };
}

export function multiplyDecimals(left: Decimal, right: Decimal): Decimal {
  return { numerator: left.numerator * right.numerator, digits: left.digits + right.digits };
}

/** A plain decimal string without trailing zeros. */
export function formatDecimal({ numerator, digits }: Decimal): string {
  const sign = numerator < 0n ? '-' : '';
  const text = (numerator < 0n ? -numerator : numerator).toString().padStart(digits + 1, '0');
  const whole = text.slice(0, text.length - digits);
  const fraction = text.slice(text.length - digits).replace(/0+$/, '');
  return fraction === '' ? sign + whole : `${sign}${whole}.${fraction}`;
}
