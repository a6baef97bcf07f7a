import { parseDecimal } from '../money.js';

/** An exact decimal number: `numerator / 10^digits`. Rates and their factors, before rounding. */
export interface Decimal {
  readonly numerator: bigint;
  readonly digits: number;
}

/** Reads a plain decimal string. Throws `invalid_amount`. */
export function decimalOf(text: string): Decimal {
  const [numerator, digits] = parseDecimal(text);
  return { numerator, digits };
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
