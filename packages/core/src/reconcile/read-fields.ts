import { FarthingError } from '../errors.js';
import { decimalFromNumber, formatUsd, parseDecimal, parseUsdRounded } from '../money.js';

/** Reading of providers' payloads: every error names the report, the field and what was expected. */
export type JsonRecord = Record<string, unknown>;

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function invalidReport(where: string, what: string): FarthingError {
  return new FarthingError(
    'invalid_report',
    `${where}: ${what}. Save the provider's answer as it is: the JSON of one page, or a list of pages.`,
  );
}

/** The same of a table, whose rows are as `--format` or `--mapping` describe them. */
export function invalidTable(where: string, what: string): FarthingError {
  return new FarthingError(
    'invalid_report',
    `${where}: ${what}. The file must be the export that --format or --mapping describes: CSV with a header, a JSON list of rows, or one JSON row a line.`,
  );
}

export function recordAt(value: unknown, where: string): JsonRecord {
  if (!isRecord(value)) throw invalidReport(where, 'is not an object');
  return value;
}

export function listAt(record: JsonRecord, name: string, where: string): unknown[] {
  const value = record[name];
  if (!Array.isArray(value)) throw invalidReport(`${where}.${name}`, 'is not a list');
  return value;
}

/** A count; absent and null are 0. */
export function countAt(record: JsonRecord, name: string, where: string): number {
  return optionalCountAt(record, name, where) ?? 0;
}

export function optionalCountAt(record: JsonRecord, name: string, where: string): number | null {
  const value = record[name];
  if (value === undefined || value === null) return null;
  if (!Number.isSafeInteger(value) || (value as number) < 0) {
    throw invalidReport(`${where}.${name}`, `${JSON.stringify(value)} is not a count`);
  }
  return value as number;
}

export function textAt(record: JsonRecord, name: string): string | null {
  const value = record[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

/** An RFC 3339 time, or Unix seconds, as ISO 8601 in UTC with milliseconds. */
export function timeAt(record: JsonRecord, name: string, where: string): string {
  const value = record[name];
  const time = typeof value === 'number' ? value * 1000 : Date.parse(String(value));
  if (!Number.isFinite(time)) {
    throw invalidReport(`${where}.${name}`, `${JSON.stringify(value)} is not a time`);
  }
  return new Date(time).toISOString();
}

/**
 * An amount as exact USD and the decimals of a dollar it was stated with. Numbers are read by their
 * shortest decimal form, which is what the provider's encoder wrote. `shift` moves the point: 2 for
 * an amount in cents. Beyond 12 decimals it is rounded, half to even. `invalid` words the error.
 */
export function amountOf(
  value: unknown,
  where: string,
  shift = 0,
  invalid: typeof invalidReport = invalidReport,
): { usd: string; decimals: number } {
  let text = typeof value === 'number' ? numberText(value) : String(value ?? '').trim();
  text = text
    .replace(/^\+/, '')
    .replace(/^(-?)\./, '$10.')
    .replace(/^(-?)0+(?=\d)/, '$1');
  if (/^-?\d+(\.\d+)?[eE][+-]?\d+$/.test(text)) text = numberText(Number(text));
  try {
    const [numerator, digits] = parseDecimal(text);
    const decimals = digits + shift;
    const magnitude = (numerator < 0n ? -numerator : numerator)
      .toString()
      .padStart(decimals + 1, '0');
    const point = magnitude.length - decimals;
    const plain = `${numerator < 0n ? '-' : ''}${magnitude.slice(0, point)}${decimals > 0 ? `.${magnitude.slice(point)}` : ''}`;
    return { usd: formatUsd(parseUsdRounded(plain)), decimals: Math.min(decimals, 12) };
  } catch {
    throw invalid(where, `${JSON.stringify(value)} is not an amount of money`);
  }
}

function numberText(value: number): string {
  return Number.isFinite(value) ? decimalFromNumber(value) : 'NaN';
}

/**
 * The buckets of a saved report: one page, a list of pages, or a page whose rest is missing, which
 * is refused, because half a report would be taken for missing traffic.
 */
export function bucketsOf(payload: unknown, where: string): JsonRecord[] {
  const pages = Array.isArray(payload) ? payload : [payload];
  const last = pages[pages.length - 1];
  if (isRecord(last) && last['has_more'] === true) {
    throw invalidReport(
      where,
      `the last page says has_more, so that the rest of the report is missing (next_page: ${String(last['next_page'])})`,
    );
  }
  return pages.flatMap((page, index) => {
    const place = pages.length === 1 ? where : `${where}[${index}]`;
    const record = recordAt(page, place);
    return listAt(record, 'data', place).map((bucket, at) =>
      recordAt(bucket, `${place}.data[${at}]`),
    );
  });
}
