import { shareOf } from '../answer/frame.js';
import { formatUsd, parseUsd, type Picodollars } from '../money.js';
import type { Account } from './accounts.js';
import type { MarginFigures, MarginRow, MarginVerdict } from './margin.js';

export function rowOf(account: Account): MarginRow {
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
export function lossOf({ margin_usd: margin, verdict }: MarginRow): Picodollars {
  return margin === null || verdict === 'earns' || verdict === 'unused' ? 0n : -parseUsd(margin);
}

/** Those that lose most first; at the end those whose cost is not known. */
export function byLoss(a: Account, b: Account): number {
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
