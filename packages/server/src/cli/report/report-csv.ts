import type { Report } from '@farthing/core';

/**
 * A report as CSV (RFC 4180): dimensions, measures and the share of the cost, every figure with all its
 * digits. What is not known is an empty field; the rest beyond `--top` is a row whose dimensions are empty
 * and whose `row` is `other`.
 */
export function reportCsv({ query, rows, other, comparison }: Report): string {
  const keys = [...(query.bucket === undefined ? [] : ['bucket']), ...(query.dimensions ?? [])];
  const compared = comparison === null ? [] : query.measures;
  const header = [
    'row',
    ...keys,
    ...query.measures,
    'cost_share',
    ...compared.map((measure) => `${measure}_before`),
  ];
  const lines = [...rows, ...other].map((row, index) => [
    index < rows.length ? (comparison?.rows[index]?.status ?? 'group') : 'other',
    ...[...keys, ...query.measures, 'cost_share'].map((name) => row[name] ?? null),
    ...compared.map((measure) => comparison?.rows[index]?.measures[measure]?.before ?? null),
  ]);
  return [header, ...lines].map((fields) => `${fields.map(csvField).join(',')}\r\n`).join('');
}

function csvField(value: string | number | null): string {
  if (value === null) return '';
  // A name that begins like a formula must not be one in a spreadsheet; numbers are written as they are.
  const text = typeof value === 'string' && /^[=@\t]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
