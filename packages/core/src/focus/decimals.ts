import { divideHalfEven } from '../money.js';
import { decimalOf, rateDecimals, roundDecimal, type Decimal } from '../pricing/decimal.js';

export function addDecimals(left: Decimal, right: Decimal): Decimal {
  const digits = Math.max(left.digits, right.digits);
  return { numerator: scaled(left, digits) + scaled(right, digits), digits };
}

function scaled({ numerator, digits }: Decimal, to: number): bigint {
  return numerator * 10n ** BigInt(to - digits);
}

/** Divides by a whole number; what does not come out even is rounded, half to even, to `digits` decimals. */
export function divideDecimal(dividend: Decimal, divisor: number, digits: number): Decimal {
  const power = 10n ** BigInt(digits);
  const denominator = BigInt(divisor) * 10n ** BigInt(dividend.digits);
  return { numerator: divideHalfEven(dividend.numerator * power, denominator), digits };
}

/**
 * A unit price that fits into `digits` decimals: a finer one is stated for a thousand, a million, …
 * times as many units, which changes nothing about what they cost. What records of others have beyond the
 * decimals of a rate is rounded off: the quantity beside it would come out as 0.
 */
export function fitUnitPrice(
  rates: readonly string[],
  per: number,
  digits: number,
): { rates: Decimal[]; per: number } {
  let fitted = rates.map((rate) => trimmed(roundDecimal(decimalOf(rate), rateDecimals)));
  let units = per;
  while (fitted.some((rate) => rate.digits > digits)) {
    fitted = fitted.map(thousandfold);
    units *= 1000;
  }
  return { rates: fitted, per: units };
}

function trimmed({ numerator, digits }: Decimal): Decimal {
  let value = numerator;
  let left = digits;
  while (left > 0 && value % 10n === 0n) {
    value /= 10n;
    left -= 1;
  }
  return { numerator: value, digits: left };
}

function thousandfold({ numerator, digits }: Decimal): Decimal {
  return digits >= 3
    ? { numerator, digits: digits - 3 }
    : { numerator: numerator * 10n ** BigInt(3 - digits), digits: 0 };
}
