import { buildFrame, type Framed } from '../answer/frame.js';
import type { AnswerBooks } from '../answer/answer-books.js';
import { FarthingError } from '../errors.js';
import { describeMoney } from '../explain/describe-money.js';
import { formatUsd, parseUsd, type Picodollars } from '../money.js';
import type { Dimension, QueryRow, Window } from '../report/query.js';
import { centsOf, divideAmount, roundToCents } from './divide-amount.js';

/**
 * How cost that belongs to no account is divided among them: by what each costs directly, in equal
 * parts, by their calls, or not at all (then it stands on statements of its own).
 */
export const allocationRules = ['proportional', 'equal', 'calls', 'none'] as const;
export type AllocationRule = (typeof allocationRules)[number];

export interface StatementsRequest {
  window: Window;
  /** What a statement is made for; default `tenant`. */
  by?: Dimension;
  rule?: AllocationRule;
  /** Accounts whose cost is for all and divided like cost that names no account, e.g. `internal`. */
  shared?: string[];
  /** What the statements must add up to, a decimal string; default: what the ledger has. */
  invoice_usd?: string;
  /** ISO 8601. */
  now: string;
}

export interface StatementLine {
  kind: 'usage' | 'shared' | 'unattributed' | 'difference';
  feature: string | null;
  model: string | null;
  calls: number;
  tokens_input: number;
  tokens_output: number;
  /** To the picodollar. */
  usd: string;
  /** In cents: the lines of a statement add up to what it bills. */
  billed_usd: string;
}

export interface Statement {
  /** Without an account: cost that was not divided, or the difference to the invoice. */
  kind: 'account' | 'unattributed' | 'difference';
  key: string | null;
  calls: number;
  /** Calls without a known cost: they are on the statement with their number alone. */
  unpriced_calls: number;
  direct_usd: string;
  /** Its part of the accounts that are for all, and of calls that name no account. */
  shared_usd: string;
  unattributed_usd: string;
  /** Its part of the difference between the invoice and the ledger. */
  difference_usd: string;
  /** The sum of these four, to the picodollar. */
  total_usd: string;
  /** In cents, and what that rounding added. */
  billed_usd: string;
  rounding_usd: string;
  lines: StatementLine[];
}

export interface StatementsReport {
  summary: string;
  by: Dimension;
  rule: AllocationRule;
  shared: string[];
  total: {
    ledger_usd: string;
    /** Null where none was given. */
    invoice_usd: string | null;
    /** Invoice − ledger. */
    difference_usd: string;
    /** What all statements add up to, exactly and in cents. */
    total_usd: string;
    billed_usd: string;
    rounding_usd: string;
  };
  /** The dearest first. */
  statements: Statement[];
}

const mostStatements = 10_000;
const mostLines = 100_000;

/** What one account took, before anything is divided. */
interface Part {
  kind: Statement['kind'];
  key: string | null;
  calls: number;
  unpriced: number;
  direct: Picodollars;
  lines: Omit<StatementLine, 'billed_usd'>[];
}

/**
 * A statement for each account, which add up to the invoice (or the ledger) to the picodollar, and in
 * cents to the cent. Cost that names no account, and that of accounts which are for all, is divided by
 * the rule, a difference to the invoice likewise; where weights are all 0, in equal parts. Amounts become
 * cents by largest remainder; what that adds or takes is shown. Throws `too_many_statements`.
 */
export async function buildStatements(
  books: Pick<AnswerBooks, 'query'>,
  request: StatementsRequest,
): Promise<Framed<StatementsReport>> {
  const { window, by = 'tenant', rule = 'proportional', shared = [], now } = request;
  const sums = ['cost', 'calls', 'tokens_input', 'tokens_output'] as const;
  const [frame, accounts, lines] = await Promise.all([
    buildFrame(books, { window, now }),
    books.query({
      measures: [...sums, 'unpriced_calls'],
      dimensions: [by],
      window,
      limit: mostStatements,
    }),
    books.query({
      measures: [...sums],
      dimensions: [...new Set<Dimension>([by, 'feature', 'model'])],
      window,
      limit: mostLines,
    }),
  ]);
  if (accounts.truncated) {
    throw new FarthingError(
      'too_many_statements',
      `There are more than ${mostStatements} different values of ${by}. Choose a dimension with fewer, e.g. tenant or segment.`,
    );
  }
  const parts = readParts(accounts.rows, lines.rows, by);
  const invoice = request.invoice_usd === undefined ? null : parseUsd(request.invoice_usd);
  const { statements, total } = divideCost(parts, { rule, shared, invoice });
  if (lines.truncated) {
    frame.notes.push('Small lines are summed up on their statements: there are too many to list.');
  }
  const missing = shared.filter((name) => !parts.some(({ key }) => key === name));
  if (missing.length > 0) {
    frame.notes.push(
      `No call of this window has ${by} ${missing.join(', ')}, which was to be shared.`,
    );
  }
  return { frame, summary: summarise(by, total, statements), by, rule, shared, total, statements };
}

function readParts(
  accounts: readonly QueryRow[],
  lines: readonly QueryRow[],
  by: Dimension,
): Part[] {
  const parts = new Map(
    accounts.map((row) => {
      const key = text(row[by]);
      const kind = key === null ? 'unattributed' : 'account';
      const part: Part = {
        kind,
        key,
        calls: Number(row['calls']),
        unpriced: Number(row['unpriced_calls']),
        direct: parseUsd(String(row['cost'] ?? '0')),
        lines: [],
      };
      return [key, part] as const;
    }),
  );
  for (const row of lines) parts.get(text(row[by]))?.lines.push(lineOf(row));
  for (const [index, part] of [...parts.values()].entries()) addRest(part, accounts[index]!);
  return [...parts.values()];
}

function lineOf(row: QueryRow): Omit<StatementLine, 'billed_usd'> {
  return {
    kind: 'usage',
    feature: text(row['feature']),
    model: text(row['model']),
    calls: Number(row['calls']),
    tokens_input: Number(row['tokens_input']),
    tokens_output: Number(row['tokens_output']),
    usd: String(row['cost'] ?? '0'),
  };
}

/** What the lines lack of their account's sums: of those that were cut off. */
function addRest(part: Part, row: QueryRow): void {
  const sum = (pick: (line: Omit<StatementLine, 'billed_usd'>) => number): number =>
    part.lines.reduce((all, line) => all + pick(line), 0);
  const usd = part.direct - part.lines.reduce((all, line) => all + parseUsd(line.usd), 0n);
  const calls = part.calls - sum((line) => line.calls);
  if (usd === 0n && calls === 0) return;
  part.lines.push({
    kind: 'usage',
    feature: null,
    model: null,
    calls,
    tokens_input: Number(row['tokens_input']) - sum((line) => line.tokens_input),
    tokens_output: Number(row['tokens_output']) - sum((line) => line.tokens_output),
    usd: formatUsd(usd),
  });
}

/** What the parts add up to, divided among those that get a statement. */
function divideCost(
  parts: readonly Part[],
  {
    rule,
    shared,
    invoice,
  }: { rule: AllocationRule; shared: readonly string[]; invoice: Picodollars | null },
): Pick<StatementsReport, 'statements' | 'total'> {
  const ledger = parts.reduce((sum, { direct }) => sum + direct, 0n);
  const due = invoice ?? ledger;
  const isPooled = ({ kind, key }: Part) =>
    rule !== 'none' && (kind === 'unattributed' || shared.includes(key!));
  const kept = parts.filter((part) => !isPooled(part));
  // With nobody to divide it among, what is shared stands for itself.
  const payers = kept.length === 0 ? [...parts] : kept;
  const pooled = kept.length === 0 ? [] : parts.filter(isPooled);
  const pool = (isShared: boolean): Picodollars =>
    pooled
      .filter(({ kind }) => (kind === 'account') === isShared)
      .reduce((sum, { direct }) => sum + direct, 0n);
  const weights = payers.map((part) => weightOf(part, rule));
  const isAlone = rule === 'none' || payers.length === 0;
  const none = payers.map(() => 0n);
  const sharedParts = divideAmount(pool(true), weights);
  const unattributedParts = divideAmount(pool(false), weights);
  const differenceParts = isAlone ? none : divideAmount(due - ledger, weights);
  const divided = payers.map((part, index) => ({
    part,
    shared: sharedParts[index]!,
    unattributed: unattributedParts[index]!,
    difference: differenceParts[index]!,
  }));
  if (isAlone && due !== ledger) {
    const part: Part = {
      kind: 'difference',
      key: null,
      calls: 0,
      unpriced: 0,
      direct: 0n,
      lines: [],
    };
    divided.push({ part, shared: 0n, unattributed: 0n, difference: due - ledger });
  }
  const totals = divided.map(
    (each) => each.part.direct + each.shared + each.unattributed + each.difference,
  );
  const billed = roundToCents(totals);
  const statements = divided.map((each, index) =>
    statementOf(each, totals[index]!, billed[index]!),
  );
  return {
    statements: statements.toSorted((a, b) =>
      compare(parseUsd(b.total_usd), parseUsd(a.total_usd)),
    ),
    total: {
      ledger_usd: formatUsd(ledger),
      invoice_usd: invoice === null ? null : formatUsd(invoice),
      difference_usd: formatUsd(due - ledger),
      total_usd: formatUsd(due),
      billed_usd: formatUsd(centsOf(due)),
      rounding_usd: formatUsd(centsOf(due) - due),
    },
  };
}

function weightOf({ direct, calls }: Part, rule: AllocationRule): bigint {
  if (rule === 'equal') return 1n;
  return rule === 'calls' ? BigInt(calls) : direct;
}

interface Divided {
  part: Part;
  shared: Picodollars;
  unattributed: Picodollars;
  difference: Picodollars;
}

function statementOf(divided: Divided, total: Picodollars, billed: Picodollars): Statement {
  const { part, shared, unattributed, difference } = divided;
  const lines = [...part.lines, ...allocatedLines(divided)];
  const cents = roundToCents(
    lines.map(({ usd }) => parseUsd(usd)),
    billed,
  );
  return {
    kind: part.kind,
    key: part.key,
    calls: part.calls,
    unpriced_calls: part.unpriced,
    direct_usd: formatUsd(part.direct),
    shared_usd: formatUsd(shared),
    unattributed_usd: formatUsd(unattributed),
    difference_usd: formatUsd(difference),
    total_usd: formatUsd(total),
    billed_usd: formatUsd(billed),
    rounding_usd: formatUsd(billed - total),
    lines: lines.map((line, index) => ({ ...line, billed_usd: formatUsd(cents[index]!) })),
  };
}

function allocatedLines({
  shared,
  unattributed,
  difference,
}: Divided): Omit<StatementLine, 'billed_usd'>[] {
  const nothing = { feature: null, model: null, calls: 0, tokens_input: 0, tokens_output: 0 };
  return (
    [
      ['shared', shared],
      ['unattributed', unattributed],
      ['difference', difference],
    ] as const
  )
    .filter(([, amount]) => amount !== 0n)
    .map(([kind, amount]) => ({ kind, ...nothing, usd: formatUsd(amount) }));
}

function summarise(
  by: Dimension,
  total: StatementsReport['total'],
  statements: readonly Statement[],
): string {
  const accounts = statements.filter(({ kind }) => kind === 'account').length;
  if (statements.length === 0) return 'There is nothing to bill in this window.';
  const number = accounts.toLocaleString('en-US');
  const difference =
    total.invoice_usd === null
      ? ''
      : parseUsd(total.difference_usd) === 0n
        ? ', which is what the ledger has'
        : `; the ledger has ${describeMoney(parseUsd(total.ledger_usd))}, and the difference of ${describeMoney(parseUsd(total.difference_usd))} is on lines of its own`;
  return `Statements for ${number} ${accounts === 1 ? `value of ${by}` : `values of ${by}`} add up to $${cents(total.billed_usd)}${difference}.`;
}

/** With two decimals. */
function cents(usd: string): string {
  const [whole = '0', fraction = ''] = usd.split('.');
  return `${whole}.${fraction.padEnd(2, '0')}`;
}

function compare(a: Picodollars, b: Picodollars): number {
  return Number(a > b) - Number(a < b);
}

function text(value: string | number | null | undefined): string | null {
  return value == null ? null : String(value);
}
