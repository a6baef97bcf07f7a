import type { Statement, StatementsReport } from '@farthing/core';

/** The lines of one statement as CSV (RFC 4180), and its total; amounts to the picodollar and in cents. */
export function statementCsv(statement: Statement, { by }: StatementsReport): string {
  const name = statement.key ?? statement.kind;
  const lines = statement.lines.map((line) => [
    name,
    line.kind,
    line.feature,
    line.model,
    line.calls,
    line.tokens_input,
    line.tokens_output,
    line.usd,
    cents(line.billed_usd),
  ]);
  const total = [
    name,
    'total',
    null,
    null,
    statement.calls,
    sumOf(statement, 'tokens_input'),
    sumOf(statement, 'tokens_output'),
    statement.total_usd,
    cents(statement.billed_usd),
  ];
  return csv([
    [by, 'kind', 'feature', 'model', 'calls', 'tokens_input', 'tokens_output', 'usd', 'billed_usd'],
    ...lines,
    total,
  ]);
}

/** One row for each statement, and what they add up to. */
export function summaryCsv({ by, statements, total }: StatementsReport): string {
  const rows = statements.map((each) => [
    each.key ?? each.kind,
    each.calls,
    each.unpriced_calls,
    each.direct_usd,
    each.shared_usd,
    each.unattributed_usd,
    each.difference_usd,
    each.total_usd,
    cents(each.billed_usd),
    each.rounding_usd,
  ]);
  return csv([
    [
      by,
      'calls',
      'unpriced_calls',
      'direct_usd',
      'shared_usd',
      'unattributed_usd',
      'difference_usd',
      'total_usd',
      'billed_usd',
      'rounding_usd',
    ],
    ...rows,
    [
      'total',
      statements.reduce((sum, { calls }) => sum + calls, 0),
      statements.reduce((sum, { unpriced_calls: calls }) => sum + calls, 0),
      null,
      null,
      null,
      total.difference_usd,
      total.total_usd,
      cents(total.billed_usd),
      total.rounding_usd,
    ],
  ]);
}

/** Whole cents with two decimals, as bills have them. */
function cents(usd: string): string {
  const [whole = '0', fraction = ''] = usd.split('.');
  return `${whole}.${fraction.padEnd(2, '0')}`;
}

function sumOf({ lines }: Statement, name: 'tokens_input' | 'tokens_output'): number {
  return lines.reduce((sum, line) => sum + line[name], 0);
}

function csv(rows: readonly (string | number | null)[][]): string {
  return rows.map((row) => `${row.map(field).join(',')}\r\n`).join('');
}

const plainNumber = /^-?\d+(\.\d+)?$/;

function field(value: string | number | null): string {
  if (value === null) return '';
  const text = String(value);
  // A name that begins like a formula must not be one in a spreadsheet.
  const safe = /^[=+\-@\t\r]/.test(text) && !plainNumber.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
