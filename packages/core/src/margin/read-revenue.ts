import { FarthingError } from '../errors.js';
import { decimalFromNumber, formatUsd, parseUsd } from '../money.js';
import { didYouMean } from '../suggest.js';
import type { RevenueFor, RevenueLine } from './revenue.js';

const fields = ['tenant', 'user', 'plan', 'amount', 'period', 'currency'] as const;
const aliases: Readonly<Record<string, string>> = { amount_usd: 'amount', segment: 'plan' };
const mostProblems = 20;

/** A record of a revenue file and where it stands: the line of a table, the number of an item. */
export interface RevenueRecord {
  row: number;
  values: Readonly<Record<string, unknown>>;
}

/**
 * The lines of a revenue file. Each has `tenant` or `user`, or `plan` alone for what each user of a plan
 * pays; `amount` in USD; and `period`: `2026-10`, `2026`, `2026-10-05/2026-11-05` (end excluded), or
 * `month` (or nothing) for every calendar month. Throws `invalid_revenue`, naming up to 20 rows and
 * what is wrong with them.
 */
export function readRevenue(records: readonly RevenueRecord[]): RevenueLine[] {
  const lines: RevenueLine[] = [];
  const problems: string[] = [];
  for (const { row, values } of records) {
    try {
      lines.push(readLine(values));
    } catch (error) {
      if (!FarthingError.isInstance(error)) throw error;
      problems.push(`row ${row}: ${error.message}`);
    }
  }
  if (records.length === 0) problems.push('there is no row in it');
  if (problems.length === 0) return lines;
  const more =
    problems.length > mostProblems ? `\n… and ${problems.length - mostProblems} more rows.` : '';
  throw new FarthingError(
    'invalid_revenue',
    `The revenue cannot be read:\n${problems.slice(0, mostProblems).join('\n')}${more}`,
  );
}

function readLine(record: Readonly<Record<string, unknown>>): RevenueLine {
  const values = new Map<string, string>();
  for (const [name, value] of Object.entries(record)) {
    const plain = name.trim().toLowerCase();
    const field = aliases[plain] ?? plain;
    if (!(fields as readonly string[]).includes(field)) {
      throw flaw(
        `unknown field "${name}".${didYouMean(field, fields)} Fields: ${fields.join(', ')}`,
      );
    }
    const text = textOf(field, value);
    if (text !== '') values.set(field, text);
  }
  const currency = values.get('currency') ?? 'USD';
  if (currency.toUpperCase() !== 'USD') {
    throw flaw(
      `currency is "${currency}". Costs are in USD: convert the amount at the rate that you book with, and leave the currency out`,
    );
  }
  const plan = values.get('plan') ?? null;
  const [whom, key] = keyOf(values, plan);
  return {
    for: whom,
    key,
    plan: whom === 'plan' ? null : plan,
    amount_usd: readAmount(values.get('amount')),
    period: readPeriod(values.get('period') ?? 'month'),
  };
}

function keyOf(values: ReadonlyMap<string, string>, plan: string | null): [RevenueFor, string] {
  const tenant = values.get('tenant');
  const user = values.get('user');
  if (tenant !== undefined && user !== undefined) {
    throw flaw('it has a tenant and a user. Keep the one that pays');
  }
  if (tenant !== undefined) return ['tenant', tenant];
  if (user !== undefined) return ['user', user];
  if (plan !== null) return ['plan', plan];
  throw flaw(
    'it does not say who pays. Give tenant or user, or plan for what each of its users pays',
  );
}

function textOf(field: string, value: unknown): string {
  if (value == null) return '';
  if (typeof value === 'string') return value.trim();
  if (typeof value === 'number' && Number.isFinite(value)) return decimalFromNumber(value);
  throw flaw(`${field} is no text and no number`);
}

function readAmount(text: string | undefined): string {
  if (text === undefined) throw flaw('amount is missing');
  try {
    return formatUsd(parseUsd(text));
  } catch {
    throw flaw(
      `amount is "${text.slice(0, 40)}". Write it as a plain number of dollars, e.g. 49.90: no sign of the currency, no thousands separators`,
    );
  }
}

/** Throws `invalid_revenue` for what is no period. */
export function readPeriod(text: string): RevenueLine['period'] {
  if (text.toLowerCase() === 'month') return null;
  const [first = '', second] = text.split('/').map((part) => part.trim());
  const start = dateOf(first);
  const end = second === undefined ? afterOf(first) : dateOf(second);
  if (start === null || end === null) {
    throw flaw(
      `period is "${text.slice(0, 60)}". Write 2026-10, 2026, 2026-10-05/2026-11-05 (the end is excluded), or month for every month`,
    );
  }
  if (start >= end) throw flaw(`period "${text.slice(0, 60)}" ends before it begins`);
  return { from: new Date(start).toISOString(), to: new Date(end).toISOString() };
}

/** The beginning of a day, a month or a year, in milliseconds; null for anything else. */
function dateOf(text: string): number | null {
  const match = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/.exec(text);
  if (match === null) return null;
  const [, year, month = '01', day = '01'] = match;
  const date = `${year}-${month}-${day}`;
  const time = Date.parse(`${date}T00:00:00.000Z`);
  // 30 February is none, and must not become 2 March.
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== date ? null : time;
}

/** Where the month or year ends that a text names; a single day is no period to pay for by itself. */
function afterOf(text: string): number | null {
  const time = dateOf(text);
  if (time === null || text.length > 7) return null;
  const date = new Date(time);
  return text.length === 4
    ? Date.UTC(date.getUTCFullYear() + 1, 0)
    : Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1);
}

function flaw(message: string): FarthingError {
  return new FarthingError('invalid_revenue', `${message}.`);
}
