import { FarthingError } from './errors.js';

/**
 * Money inside Farthing: whole picodollars (1 USD = 10^12). One picodollar per token expresses every
 * published rate exactly, so sums never drift. Outside, money is a plain decimal string in USD.
 */
export type Picodollars = bigint;

export const picodollarsPerUsd = 1_000_000_000_000n;

/** The largest amount that the ledger can hold (a signed 64-bit column): about 9.2 million USD. */
export const maxPicodollars = 9_223_372_036_854_775_807n;

const fractionDigits = 12;
const decimal = /^(-?)(0|[1-9]\d*)(?:\.(\d+))?$/;
const exponential = /^(-?)(\d+)(?:\.(\d+))?[eE]([+-]?\d+)$/;

/** Beyond this many characters a figure is not an amount of money, whatever it is. */
const longestDecimal = 64;

/**
 * Reads a plain decimal string in USD (`"0.014229"`, `"-3"`) exactly.
 * Throws `invalid_amount` for anything else: exponents, signs other than a leading minus, leading
 * zeros, blanks, and more than 12 decimals (rounding must be asked for: {@link parseUsdRounded}).
 */
export function parseUsd(text: string): Picodollars {
  const [numerator, digits] = parseDecimal(text);
  if (digits <= fractionDigits) return numerator * 10n ** BigInt(fractionDigits - digits);
  const divisor = 10n ** BigInt(digits - fractionDigits);
  if (numerator % divisor !== 0n) {
    throw new FarthingError(
      'invalid_amount',
      `"${text}" has more than 12 decimals, finer than one picodollar. Use parseUsdRounded where half-even rounding is meant.`,
    );
  }
  return numerator / divisor;
}

/** Like {@link parseUsd}, but rounds what is finer than a picodollar, half to even. */
export function parseUsdRounded(text: string): Picodollars {
  const [numerator, digits] = parseDecimal(text);
  return divideHalfEven(numerator * picodollarsPerUsd, 10n ** BigInt(digits));
}

/** What stands before the digits of an amount below one dollar, by how many zeros lead them. */
const fractionStarts = Array.from(
  { length: fractionDigits },
  (_, zeros) => `0.${'0'.repeat(zeros)}`,
);

/** Writes an amount as a plain decimal string in USD: no exponent, no trailing zeros, no `-0`. */
export function formatUsd(amount: Picodollars): string {
  if (amount < 0n) return `-${formatUsd(-amount)}`;
  const digits = amount.toString();
  const point = digits.length - fractionDigits;
  let end = digits.length;
  while (end > 0 && end > point && digits.charCodeAt(end - 1) === 48) end -= 1;
  if (end === 0) return '0';
  if (point <= 0) return fractionStarts[-point]! + digits.slice(0, end);
  const whole = digits.slice(0, point);
  return end === point ? whole : `${whole}.${digits.slice(point, end)}`;
}

/**
 * The one rounding rule: division to the nearest integer, ties to the even one, for either sign.
 * Every amount that is not exact passes through here once, and nowhere else.
 */
export function divideHalfEven(numerator: bigint, denominator: bigint): bigint {
  if (denominator === 0n) throw new FarthingError('invalid_amount', 'Division by zero.');
  if (denominator < 0n) return divideHalfEven(-numerator, -denominator);
  const quotient = numerator / denominator;
  const remainder = numerator - quotient * denominator;
  if (remainder === 0n) return quotient;
  const twice = 2n * (remainder < 0n ? -remainder : remainder);
  const away = twice > denominator || (twice === denominator && quotient % 2n !== 0n);
  if (!away) return quotient;
  return numerator < 0n ? quotient - 1n : quotient + 1n;
}

/** No price or quantity is finer; a number of an answer may be, and must not become an endless string. */
const finestDecimals = 40;

/**
 * The shortest plain decimal string that reads back as this number (`2.25e-6` → `"0.00000225"`), cut
 * after 40 decimals. For figures that providers state as JSON numbers. Throws `invalid_amount` when not
 * finite.
 */
export function decimalFromNumber(value: number): string {
  if (!Number.isFinite(value)) {
    throw new FarthingError('invalid_amount', `${value} is not a finite number.`);
  }
  const text = String(value === 0 ? 0 : value);
  const parts = exponential.exec(text);
  if (parts === null) return text;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = parts;
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  if (point <= 0) {
    const decimals = `${'0'.repeat(Math.min(-point, finestDecimals))}${digits}`.slice(
      0,
      finestDecimals,
    );
    return /[1-9]/.test(decimals) ? `${sign}0.${decimals}` : '0';
  }
  if (point >= digits.length) return sign + digits + '0'.repeat(point - digits.length);
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/**
 * A decimal string as an exact fraction: `[numerator, number of decimal digits]`, so that the value is
 * `numerator / 10^digits`. Trailing zeros count as digits. Throws `invalid_amount`.
 *
 * @param longest so many characters are read at most.
 */
export function parseDecimal(
  text: string,
  longest: number = longestDecimal,
): [numerator: bigint, digits: number] {
  const parts = typeof text === 'string' && text.length <= longest ? decimal.exec(text) : null;
  if (parts === null) {
    throw new FarthingError(
      'invalid_amount',
      `${JSON.stringify(String(text).slice(0, longestDecimal))} is not a plain decimal. Write it like "0.0125": digits, at most one point, no exponent.`,
    );
  }
  const [, sign, whole = '0', fraction = ''] = parts;
  const magnitude = BigInt(whole + fraction);
  return [sign === '-' ? -magnitude : magnitude, fraction.length];
}
