import { formatDecimal, multiplyDecimals, type Decimal } from '../../pricing/decimal.js';

/** The specification's numeric format: digits, at most one point, `E` with a negative exponent's sign only. */
const numeric = /^(-?)(\d+)(?:\.(\d+))?(?:[eE](-?\d+))?$/;
const dateTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;
const timeUnits = 'Years|Months|Days|Hours|Minutes|Seconds';
const units = String.raw`(?:[A-Z][A-Za-z]*(?: [A-Z][A-Za-z]*)*|[KMGTPE]i?[bB]|[bB])`;
const unit = new RegExp(
  String.raw`^(?:[1-9]\d* )?${units}(?:-(?:${timeUnits})|/(?:[1-9]\d* )?[A-Z][a-z]+)?$`,
);

export function isNumeric(text: string): boolean {
  return numeric.test(text);
}

/** The exact value of a text in the numeric format; null when it is not in that format. */
export function readNumeric(text: string): Decimal | null {
  const parts = numeric.exec(text);
  if (parts === null) return null;
  const [, sign, whole = '', fraction = '', exponent = '0'] = parts;
  const shift = Number(exponent);
  if (Math.abs(shift) > 100) return null;
  const magnitude = BigInt(whole + fraction);
  const numerator = sign === '-' ? -magnitude : magnitude;
  const digits = fraction.length - shift;
  return digits >= 0
    ? { numerator, digits }
    : { numerator: numerator * 10n ** BigInt(-digits), digits: 0 };
}

/** Whether `left` × `right` is `product`, exactly. */
export function isProduct(left: string, right: string, product: string): boolean {
  const [a, b, c] = [readNumeric(left), readNumeric(right), readNumeric(product)];
  if (a === null || b === null || c === null) return false;
  return formatDecimal(multiplyDecimals(a, b)) === formatDecimal(c);
}

export function isDateTime(text: string): boolean {
  if (!dateTime.test(text)) return false;
  const time = Date.parse(text);
  return !Number.isNaN(time) && new Date(time).toISOString().slice(0, 19) === text.slice(0, 19);
}

export function isUnit(text: string): boolean {
  return unit.test(text);
}

/** A flat JSON object: no arrays, no objects inside. */
export function isKeyValue(text: string): boolean {
  const value = readKeyValue(text);
  return (
    value !== null &&
    Object.values(value).every((item) => typeof item !== 'object' || item === null)
  );
}

export function readKeyValue(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
