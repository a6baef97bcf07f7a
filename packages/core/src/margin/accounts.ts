import { parseUsd, type Picodollars } from '../money.js';
import type { Dimension, QueryRow, Window } from '../report/query.js';
import { monthsOf, proratedRevenue } from './prorate.js';
import type { RevenueFor, RevenueLine } from './revenue.js';

export interface Account {
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

/** What each stored value is called: a user may be stored under several pseudonyms. */
export function storedKeys(revenue: readonly RevenueLine[], by: RevenueFor): Map<string, string> {
  return new Map(
    revenue
      .filter((line) => line.for === by)
      .flatMap(({ key, stored = [key] }) => stored.map((value) => [value, key] as const)),
  );
}

export function addCosts(
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

export function addRevenue(
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
export function addSeats(
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
