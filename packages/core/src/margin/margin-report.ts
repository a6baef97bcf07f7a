import { buildFrame, shareOf, type Framed } from '../answer/frame.js';
import type { AnswerBooks } from '../answer/answer-books.js';
import { noteUnknownValues } from '../answer/note-unknown-values.js';
import { describeMoney } from '../explain/describe-money.js';
import { formatUsd, parseUsd, type Picodollars } from '../money.js';
import type { Dimension, Filter, QueryRow, Window } from '../report/query.js';
import { monthsOf, proratedRevenue } from './prorate.js';
import type { RevenueFor, RevenueLine } from './revenue.js';

export interface MarginRequest {
  window: Window;
  /** Whose margin; default: that of tenants if the revenue names any, else of users, else of plans. */
  by?: RevenueFor;
  filters?: Filter[];
  /** Most accounts that are shown, those that lose most first; default 100. */
  limit?: number;
  /** ISO 8601. */
  now: string;
}

/** `loses`: it costs more than it pays. `no_revenue`: it costs, and nothing says that it pays. */
export type MarginVerdict = 'earns' | 'loses' | 'no_revenue' | 'unused' | 'unknown';

export interface MarginFigures {
  revenue_usd: string;
  /** Null when no call has a known cost. */
  cost_usd: string | null;
  /** Revenue − cost. */
  margin_usd: string | null;
  /** Of the revenue: 0.2 is 20 %, −0.5 is a loss of half of it; null without revenue. */
  margin_share: number | null;
  /**
   * How many times its present usage it could have at this cost a call before it cost what it pays;
   * below 1 where it loses. Null without cost, or without revenue.
   */
  break_even_usage: number | null;
}

export interface MarginRow extends MarginFigures {
  key: string;
  plan: string | null;
  calls: number;
  unpriced_calls: number;
  /** So many calls at the average cost of its own are paid for by what it pays. */
  break_even_calls: number | null;
  verdict: MarginVerdict;
}

export interface PlanMargin extends MarginFigures {
  /** Null: of accounts whose plan is not known. */
  plan: string | null;
  accounts: number;
  losing_accounts: number;
  /** What these lose together, above 0. */
  lost_usd: string;
}

export interface MarginReport {
  summary: string;
  by: RevenueFor;
  total: MarginFigures & {
    accounts: number;
    losing_accounts: number;
    lost_usd: string;
    /** Accounts that cost something and for which there is no revenue, and what they cost. */
    accounts_without_revenue: number;
    cost_without_revenue_usd: string;
    /** Accounts that pay and made no call, and what they pay. */
    unused_accounts: number;
    unused_revenue_usd: string;
    /** Cost of calls that name no account: in the total, and in no row. */
    unattributed_usd: string;
  };
  plans: PlanMargin[];
  /** Those that lose most first. */
  accounts: MarginRow[];
  truncated: boolean;
}

const dimensionOf: Readonly<Record<RevenueFor, Dimension>> = {
  tenant: 'tenant',
  user: 'user',
  plan: 'segment',
};
const mostRows = 100_000;

interface Account {
  key: string;
  plan: string | null;
  revenue: Picodollars;
  /** Whether there is any line of revenue for it. */
  pays: boolean;
  cost: Picodollars;
  calls: number;
  unpriced: number;
  /** The plan of most of its cost. */
  planCost: Map<string, Picodollars>;
}

/**
 * Revenue against cost for each account: who costs more than they pay, by how much, and how much usage
 * what they pay is worth. Revenue counts in the window by time (`proratedRevenue`). The price of a plan
 * is paid by each user who made a call with that plan (tag `segment`), for each calendar month with such
 * a call; an account that has a line of its own pays that instead. Cost is of the calls in the window.
 */
export async function buildMargin(
  books: Pick<AnswerBooks, 'query'>,
  revenue: readonly RevenueLine[],
  request: MarginRequest,
): Promise<Framed<MarginReport>> {
  const { window, filters = [], limit = 100, now, by = standardBy(revenue) } = request;
  const dimension = dimensionOf[by];
  const dimensions: Dimension[] = by === 'plan' ? ['segment'] : [dimension, 'segment'];
  const prices = revenue.filter((line) => line.for === 'plan');
  const [frame, costs, seats] = await Promise.all([
    buildFrame(books, { window, filters, now }),
    books.query({
      measures: ['cost', 'calls', 'unpriced_calls'],
      dimensions,
      window,
      filters,
      limit: mostRows,
    }),
    prices.length === 0
      ? null
      : books.query({
          measures: ['users'],
          dimensions,
          bucket: 'month',
          window,
          filters: [
            ...filters,
            { dimension: 'segment', op: 'in', values: [...new Set(prices.map(({ key }) => key))] },
          ],
          limit: mostRows,
        }),
  ]);
  await noteUnknownValues(books, frame);
  const accounts = new Map<string, Account>();
  const unattributed = addCosts(accounts, costs.rows, dimension, storedKeys(revenue, by));
  addRevenue(accounts, revenue, by, window);
  if (seats !== null)
    addSeats(accounts, seats.rows, dimension, prices, window, storedKeys(revenue, by));
  noteGaps(frame.notes, { revenue, by, isCut: costs.truncated || seats?.truncated === true });
  const rows = [...accounts.values()].sort(byLoss).map(rowOf);
  const total = totalOf(rows, unattributed, frame.cost_usd);
  return {
    frame,
    summary: summarise(by, total, rows),
    by,
    total,
    plans: plansOf(rows),
    accounts: rows.slice(0, limit),
    truncated: rows.length > limit,
  };
}

function standardBy(revenue: readonly RevenueLine[]): RevenueFor {
  for (const by of ['tenant', 'user'] as const) {
    if (revenue.some((line) => line.for === by)) return by;
  }
  return revenue.length === 0 ? 'tenant' : 'plan';
}

/** What each stored value is called: a user may be stored under several pseudonyms. */
function storedKeys(revenue: readonly RevenueLine[], by: RevenueFor): Map<string, string> {
  return new Map(
    revenue
      .filter((line) => line.for === by)
      .flatMap(({ key, stored = [key] }) => stored.map((value) => [value, key] as const)),
  );
}

function addCosts(
  accounts: Map<string, Account>,
  rows: readonly QueryRow[],
  dimension: Dimension,
  keys: ReadonlyMap<string, string>,
): Picodollars {
  let unattributed = 0n;
  for (const row of rows) {
    const value = row[dimension];
    const cost = parseUsd(String(row['cost'] ?? '0'));
    if (value == null) {
      unattributed += cost;
      continue;
    }
    const account = accountOf(accounts, keys.get(String(value)) ?? String(value));
    account.cost += cost;
    account.calls += Number(row['calls']);
    account.unpriced += Number(row['unpriced_calls']);
    const plan = row['segment'];
    if (plan != null) {
      const name = String(plan);
      account.planCost.set(name, (account.planCost.get(name) ?? 0n) + cost);
    }
  }
  return unattributed;
}

function addRevenue(
  accounts: Map<string, Account>,
  revenue: readonly RevenueLine[],
  by: RevenueFor,
  window: Window,
): void {
  const priced = new Set(revenue.flatMap((line) => (line.for === 'plan' ? [line.key] : [])));
  for (const line of revenue) {
    // Of a plan with a price of its own, that times its users is the revenue.
    const isOfPlan = by === 'plan' && line.plan !== null && !priced.has(line.plan);
    if (line.for === 'plan' || (line.for !== by && !isOfPlan)) continue;
    const account = accountOf(accounts, isOfPlan ? line.plan! : line.key);
    account.revenue += proratedRevenue(line, window);
    account.pays = true;
    if (!isOfPlan && line.plan !== null) account.plan = line.plan;
  }
}

/** The price of a plan for each of its users, month by month. */
function addSeats(
  accounts: Map<string, Account>,
  rows: readonly QueryRow[],
  dimension: Dimension,
  prices: readonly RevenueLine[],
  window: Window,
  keys: ReadonlyMap<string, string>,
): void {
  const months = new Map(monthsOf(window).map((month) => [month.from, clipped(month, window)]));
  const own = new Set([...accounts.values()].filter(({ pays }) => pays).map(({ key }) => key));
  for (const row of rows) {
    const value = row[dimension];
    const month = months.get(String(row['bucket']));
    if (value == null || month === undefined) continue;
    const key = keys.get(String(value)) ?? String(value);
    if (own.has(key)) continue;
    const account = accountOf(accounts, key);
    const users = BigInt(Number(row['users']));
    for (const price of prices) {
      if (price.key !== row['segment']) continue;
      account.revenue += users * proratedRevenue(price, month);
      account.pays = true;
    }
  }
}

function clipped(month: Window, window: Window): Window {
  return {
    from: month.from < window.from ? window.from : month.from,
    to: month.to > window.to ? window.to : month.to,
  };
}

function accountOf(accounts: Map<string, Account>, key: string): Account {
  let account = accounts.get(key);
  if (account === undefined) {
    account = {
      key,
      plan: null,
      revenue: 0n,
      pays: false,
      cost: 0n,
      calls: 0,
      unpriced: 0,
      planCost: new Map(),
    };
    accounts.set(key, account);
  }
  return account;
}

function rowOf(account: Account): MarginRow {
  const { key, revenue, calls, unpriced } = account;
  const figures = figuresOf(revenue, isUnknown(account) ? null : account.cost);
  const usage = figures.break_even_usage;
  return {
    key,
    plan: account.plan ?? largestOf(account.planCost),
    ...figures,
    calls,
    unpriced_calls: unpriced,
    break_even_calls: usage === null ? null : Math.floor(calls * usage),
    verdict: isUnknown(account) ? 'unknown' : verdictOf(account),
  };
}

function verdictOf({ pays, revenue, cost, calls }: Account): MarginVerdict {
  if (calls === 0 && cost === 0n) return 'unused';
  if (!pays) return cost > 0n ? 'no_revenue' : 'earns';
  return cost > revenue ? 'loses' : 'earns';
}

export function figuresOf(revenue: Picodollars, cost: Picodollars | null): MarginFigures {
  const hasBoth = cost !== null && cost > 0n && revenue > 0n;
  return {
    revenue_usd: formatUsd(revenue),
    cost_usd: cost === null ? null : formatUsd(cost),
    margin_usd: cost === null ? null : formatUsd(revenue - cost),
    margin_share:
      cost === null || revenue <= 0n ? null : shareOf(Number(revenue - cost), Number(revenue)),
    break_even_usage: hasBoth ? shareOf(Number(revenue), Number(cost)) : null,
  };
}

function largestOf(costs: ReadonlyMap<string, Picodollars>): string | null {
  let largest: [string, Picodollars] | null = null;
  for (const each of costs) if (largest === null || each[1] > largest[1]) largest = each;
  return largest === null ? null : largest[0];
}

/** What it loses, 0 where it does not; an account without revenue loses all that it costs. */
function lossOf({ margin_usd: margin, verdict }: MarginRow): Picodollars {
  return margin === null || verdict === 'earns' || verdict === 'unused' ? 0n : -parseUsd(margin);
}

/** Those that lose most first; at the end those whose cost is not known. */
function byLoss(a: Account, b: Account): number {
  const [x, y] = [isUnknown(a), isUnknown(b)];
  if (x || y) return Number(x) - Number(y);
  const difference = a.revenue - a.cost - (b.revenue - b.cost);
  return difference === 0n
    ? Number(a.key > b.key) - Number(a.key < b.key)
    : difference > 0n
      ? 1
      : -1;
}

function isUnknown({ calls, unpriced }: Account): boolean {
  return calls > 0 && unpriced >= calls;
}

function plansOf(rows: readonly MarginRow[]): PlanMargin[] {
  const plans = new Map<string | null, MarginRow[]>();
  for (const row of rows) {
    const members = plans.get(row.plan) ?? [];
    members.push(row);
    plans.set(row.plan, members);
  }
  return [...plans]
    .map(([plan, members]): PlanMargin => ({ plan, ...countsOf(members), ...sumOf(members) }))
    .sort((a, b) => Number(b.revenue_usd) - Number(a.revenue_usd));
}

function countsOf(
  rows: readonly MarginRow[],
): Pick<PlanMargin, 'accounts' | 'losing_accounts' | 'lost_usd'> {
  const losing = rows.filter(({ verdict }) => verdict === 'loses');
  return {
    accounts: rows.length,
    losing_accounts: losing.length,
    lost_usd: formatUsd(losing.reduce((sum, row) => sum + lossOf(row), 0n)),
  };
}

function sumOf(rows: readonly MarginRow[]): MarginFigures {
  const known = rows.filter(({ cost_usd: cost }) => cost !== null);
  const revenue = rows.reduce((sum, row) => sum + parseUsd(row.revenue_usd), 0n);
  const cost = known.reduce((sum, row) => sum + parseUsd(row.cost_usd!), 0n);
  return figuresOf(revenue, known.length === 0 ? null : cost);
}

function totalOf(
  rows: readonly MarginRow[],
  unattributed: Picodollars,
  cost: string | null,
): MarginReport['total'] {
  const revenue = rows.reduce((sum, row) => sum + parseUsd(row.revenue_usd), 0n);
  const without = rows.filter(({ verdict }) => verdict === 'no_revenue');
  const unused = rows.filter(({ verdict }) => verdict === 'unused');
  return {
    ...figuresOf(revenue, cost === null ? null : parseUsd(cost)),
    ...countsOf(rows),
    accounts_without_revenue: without.length,
    cost_without_revenue_usd: formatUsd(without.reduce((sum, row) => sum + lossOf(row), 0n)),
    unused_accounts: unused.length,
    unused_revenue_usd: formatUsd(unused.reduce((sum, row) => sum + parseUsd(row.revenue_usd), 0n)),
    unattributed_usd: formatUsd(unattributed),
  };
}

function noteGaps(
  notes: string[],
  { revenue, by, isCut }: { revenue: readonly RevenueLine[]; by: RevenueFor; isCut: boolean },
): void {
  if (revenue.length === 0) {
    notes.push(
      'No revenue is known: write who pays what into a file and run "farthing margin --revenue <file> --save".',
    );
  }
  if (isCut) {
    notes.push(
      `Only the ${mostRows.toLocaleString('en-US')} dearest accounts are in the rows; the total has all.`,
    );
  }
  const others = revenue.filter((line) => line.for !== by && line.for !== 'plan' && by !== 'plan');
  if (others.length > 0) {
    notes.push(
      others.length === 1
        ? `One line of revenue is of a ${others[0]!.for} and not in this margin by ${by}.`
        : `${others.length.toLocaleString('en-US')} lines of revenue are of ${others[0]!.for}s and not in this margin by ${by}.`,
    );
  }
}

function summarise(
  by: RevenueFor,
  total: MarginReport['total'],
  rows: readonly MarginRow[],
): string {
  if (rows.length === 0) return 'No account has revenue or cost in this window.';
  const pays = describeMoney(parseUsd(total.revenue_usd));
  if (total.cost_usd === null) return `Revenue is ${pays}; no call has a known cost.`;
  const margin =
    total.margin_share === null ? '' : `, a margin of ${(total.margin_share * 100).toFixed(1)} %`;
  // Without any revenue "none costs more than it pays" would be a comfort that nothing gives.
  if (rows.every(({ verdict }) => verdict === 'no_revenue')) {
    return `No revenue is known of ${countText(rows.length, by)}, which cost ${describeMoney(parseUsd(total.cost_without_revenue_usd))}.`;
  }
  const head = `Revenue of ${pays} against a cost of ${describeMoney(parseUsd(total.cost_usd))}${margin}.`;
  const number = total.losing_accounts;
  const of = countText(total.accounts, by);
  const who =
    number === 0
      ? ` None of ${of} costs more than it pays.`
      : number === 1
        ? ` 1 of ${of} costs ${describeMoney(parseUsd(total.lost_usd))} more than it pays.`
        : ` ${number.toLocaleString('en-US')} of ${of} cost more than they pay, together ${describeMoney(parseUsd(total.lost_usd))} more.`;
  const without = total.accounts_without_revenue;
  const unpaid =
    without === 0
      ? ''
      : ` ${without.toLocaleString('en-US')} ${without === 1 ? 'has' : 'have'} no revenue and ${without === 1 ? 'costs' : 'cost'} ${describeMoney(parseUsd(total.cost_without_revenue_usd))}.`;
  return `${head}${who}${unpaid}`;
}

function countText(number: number, by: RevenueFor): string {
  return `${number.toLocaleString('en-US')} ${by}${number === 1 ? '' : 's'}`;
}
