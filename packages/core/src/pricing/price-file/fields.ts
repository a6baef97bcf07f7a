import { decimalFromNumber, parseDecimal } from '../../money.js';
import { decimalOf, formatDecimal, roundDecimal, statedDecimals } from '../decimal.js';
import type { Fields } from '../../usage/fields.js';
import type { Report } from './problems.js';

/** Longest name of a provider, a model or a tool. */
export const longestName = 256;
const longestNote = 1_000;

/** So many of the keys that an object should not have are named. */
const mostUnknown = 20;

/** The keys that an object should not have, as far as naming them helps. */
export function unknownKeys(fields: Fields, known: readonly string[]): string[] {
  return Object.keys(fields)
    .filter((key) => !known.includes(key))
    .slice(0, mostUnknown);
}

/** A name; undefined where it is missing, or is none and has been reported. */
export function nameField(fields: Fields, key: string, report: Report): string | undefined {
  const value = fields[key];
  if (value === undefined) return undefined;
  if (typeof value === 'string' && value.trim() !== '' && value.length <= longestName) return value;
  report(key, `must be a name: a text of at most ${longestName} characters`);
  return undefined;
}

/** Free text for people. */
export function noteField(fields: Fields, key: string, report: Report): string | undefined {
  const value = fields[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string' && value.length <= longestNote) return value;
  report(key, `must be a text of at most ${longestNote} characters`);
  return undefined;
}

/**
 * Decimal string of 0 or more, of at most 12 decimals. JSON numbers are refused, because a float is not
 * what was meant.
 */
export function decimalField(
  fields: Fields,
  key: string,
  report: Report,
  where: string = key,
): string | undefined {
  const value = fields[key];
  const text = typeof value === 'string' ? value : '';
  try {
    const [numerator, digits] = parseDecimal(text);
    if (numerator >= 0n && digits <= statedDecimals) return text;
    if (numerator >= 0n) {
      report(where, `has ${digits} decimals, more than ${statedDecimals}${roundedTo(text)}`);
      return undefined;
    }
  } catch {
    // Falls through to the message that names the field.
  }
  report(where, `must be a decimal string of 0 or more, like "2.50"${insteadOf(value)}`);
  return undefined;
}

/** What to write for a figure that is meant but not written as a plain decimal. */
function insteadOf(value: unknown): string {
  const number =
    typeof value === 'string' ? Number(value.trim().replace(/^\$|[\s_]/g, '') || NaN) : value;
  if (typeof number !== 'number' || !Number.isFinite(number) || number < 0) {
    return value === undefined ? '; it is missing' : '';
  }
  const exact = decimalFromNumber(number);
  const decimals = exact.length - `${exact}.`.indexOf('.') - 1;
  return decimals > statedDecimals ? roundedTo(exact) : `: write "${exact}", in quotes`;
}

/** What to write for a figure with too many decimals; nothing where too little would be left of it. */
function roundedTo(exact: string): string {
  const rounded = roundDecimal(decimalOf(exact), statedDecimals);
  return rounded.numerator === 0n ? '' : `: write "${formatDecimal(rounded)}", in quotes`;
}

const isoTime = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?)?$/;

/**
 * An ISO 8601 time as it stands; a time without its zone is taken as UTC and says so from then on.
 * Undefined where it is missing, or is none and has been reported.
 */
export function timeField(fields: Fields, key: string, report: Report): string | undefined {
  const value = fields[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string' && isoTime.test(value)) {
    const zoned = !value.includes('T') || /(Z|[+-]\d{2}:\d{2})$/.test(value) ? value : `${value}Z`;
    if (isRealTime(zoned)) return zoned;
  }
  report(key, 'must be an ISO 8601 time, like "2026-11-01T00:00:00Z"');
  return undefined;
}

/** `Date.parse` takes 30 February for 2 March. */
function isRealTime(text: string): boolean {
  const day = Date.parse(`${text.slice(0, 10)}T00:00:00Z`);
  return (
    !Number.isNaN(Date.parse(text)) &&
    !Number.isNaN(day) &&
    new Date(day).toISOString().startsWith(text.slice(0, 10))
  );
}

/** Both ends of the time for which a row holds. */
export function periodFields(fields: Fields, report: Report): { from?: string; to?: string } {
  const from = timeField(fields, 'effective_from', report);
  const to = timeField(fields, 'effective_to', report);
  if (from !== undefined && to !== undefined && Date.parse(to) <= Date.parse(from)) {
    report(
      'effective_to',
      `must be later than effective_from (${from}): a row holds from the one until just before the other`,
    );
  }
  return {
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  };
}

/** Compares decimal strings: negative, 0 or positive as `left` is less, equal or more. */
export function compareDecimals(left: string, right: string): number {
  const [a, b] = [decimalOf(left), decimalOf(right)];
  const digits = Math.max(a.digits, b.digits);
  const difference =
    a.numerator * 10n ** BigInt(digits - a.digits) - b.numerator * 10n ** BigInt(digits - b.digits);
  return difference === 0n ? 0 : difference < 0n ? -1 : 1;
}
