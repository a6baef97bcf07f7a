import { shareOf } from '../answer/frame.js';
import { divideHalfEven, formatUsd, parseUsd } from '../money.js';
import { groupKey } from '../report/group-key.js';
import type { Dimension, Measure, QueryRow } from '../report/query.js';

/** What runs of one group cost, and what it takes until one succeeds. */
export interface SuccessRow {
  group: Record<string, string | null>;
  runs: number;
  calls: number;
  cost_usd: string | null;
  cost_per_run_usd: string | null;
  /** Runs whose outcome is known. */
  judged: number;
  successes: number;
  /** Of the judged runs; null where there are none. */
  success_rate: number | null;
  /** What the judged runs cost, failures included. */
  judged_cost_usd: string | null;
  /** That divided by the successes: failures are paid for, too. Null without a success. */
  cost_per_success_usd: string | null;
}

/** Groups by their dimensions and `run_outcome`, as one row for each group; dearest first. */
export function successRows(
  rows: readonly QueryRow[],
  by: readonly Dimension[],
  runs: Measure,
): SuccessRow[] {
  const groups = new Map<string, QueryRow[]>();
  for (const row of rows) {
    // What became of a run may carry other tags than its calls: it is no group of calls.
    if (Number(row['calls'] ?? 0) === 0) continue;
    const key = groupKey(row, by);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return [...groups.values()]
    .map((parts) => successRow(parts, by, runs))
    .sort((a, b) => Number(b.cost_usd ?? 0) - Number(a.cost_usd ?? 0));
}

function successRow(
  parts: readonly QueryRow[],
  by: readonly Dimension[],
  runs: Measure,
): SuccessRow {
  const judged = parts.filter((row) => row['run_outcome'] != null);
  const succeeded = judged.filter((row) => row['run_outcome'] === 'success');
  const count = (rows: readonly QueryRow[], name: Measure): number =>
    rows.reduce((total, row) => total + Number(row[name] ?? 0), 0);
  const cost = costOf(parts);
  const judgedCost = costOf(judged);
  const successes = count(succeeded, runs);
  const all = count(parts, runs);
  return {
    group: Object.fromEntries(
      by.map((name) => [name, parts[0]![name] == null ? null : String(parts[0]![name])]),
    ),
    runs: all,
    calls: count(parts, 'calls'),
    cost_usd: usd(cost),
    cost_per_run_usd: each(cost, all),
    judged: count(judged, runs),
    successes,
    success_rate: shareOf(successes, count(judged, runs)),
    judged_cost_usd: usd(judgedCost),
    cost_per_success_usd: each(judgedCost, successes),
  };
}

function costOf(rows: readonly QueryRow[]): bigint | null {
  const costs = rows.flatMap((row) => (row['cost'] == null ? [] : [parseUsd(String(row['cost']))]));
  return costs.length === 0 ? null : costs.reduce((a, b) => a + b, 0n);
}

function each(cost: bigint | null, count: number): string | null {
  return cost === null || count === 0 ? null : formatUsd(divideHalfEven(cost, BigInt(count)));
}

function usd(cost: bigint | null): string | null {
  return cost === null ? null : formatUsd(cost);
}
