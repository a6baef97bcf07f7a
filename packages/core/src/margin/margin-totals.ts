import { formatUsd, parseUsd, type Picodollars } from '../money.js';
import { figuresOf, lossOf } from './margin-rows.js';
import type { MarginFigures, MarginReport, MarginRow, PlanMargin } from './margin.js';

export function plansOf(rows: readonly MarginRow[]): PlanMargin[] {
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

export function totalOf(
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
