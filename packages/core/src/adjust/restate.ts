import type { Cost, Entry } from '../entry.js';
import { formatUsd, parseUsdRounded } from '../money.js';
import type { Usage } from '../usage/usage.js';
import { applyCharges } from './changed-charges.js';
import { applyUsage } from './changed-usage.js';
import { costChange } from './cost-change.js';

/** A call's cost and usage as they are known now. */
export interface Restated {
  cost: Cost;
  usage: Usage | null;
}

/**
 * The cost and usage of an entry after its adjustments, in the order of their numbers: exact sums, the
 * bill with what was taken back struck out, and everything else as the last adjustment says.
 */
export function restate(original: Entry, adjustments: readonly Entry[]): Restated {
  const entries = [original, ...inOrder(adjustments)];
  if (entries.length === 1) return { cost: original.cost, usage: original.usage };
  const last = entries.at(-1)!;
  const status = last.adjusts?.status_after ?? last.cost.status;
  const known = entries.reduce((count, entry) => count + costChange(entry).known, 0) > 0;
  const cost: Cost = { usd: null, status, charges: billOf(entries) };
  const pricing = entries.findLast(({ adjusts }) => adjusts?.cause !== 'manual')!;
  if (pricing.cost.reason !== undefined) cost.reason = pricing.cost.reason;
  const reported = sumOf(entries, ({ reported_usd: usd }) => usd);
  if (reported !== undefined) cost.reported_usd = reported;
  const list = sumOf(entries, (part) => listCost(part) ?? undefined);
  if (known) {
    cost.usd = sumOf(entries, ({ usd }) => usd ?? undefined) ?? '0';
    if (pricing.cost.source !== undefined) cost.source = pricing.cost.source;
    const price = entries.findLast((entry) => entry.cost.price !== undefined)?.cost.price;
    if (price !== undefined) cost.price = price;
    const computed = sumOf(entries, ({ computed_usd: usd }) => usd);
    if (computed !== undefined && pricing.cost.source === 'reported') cost.computed_usd = computed;
    if (list !== undefined && list !== (cost.computed_usd ?? cost.usd)) cost.list_usd = list;
  } else if (list !== undefined && list !== '0') {
    cost.list_usd = list;
  }
  return { cost, usage: usageOf(entries) };
}

/** What a cost is at list prices, whatever way it says so. */
export function listCost(cost: Pick<Cost, 'list_usd' | 'computed_usd' | 'usd'>): string | null {
  return cost.list_usd ?? cost.computed_usd ?? cost.usd;
}

export function inOrder(adjustments: readonly Entry[]): Entry[] {
  return adjustments.toSorted((a, b) => (a.adjusts?.number ?? 0) - (b.adjusts?.number ?? 0));
}

function billOf([first, ...later]: readonly Entry[]): Cost['charges'] {
  return later.reduce(
    (bill, { cost }) => applyCharges(bill, cost.charges),
    [...first!.cost.charges],
  );
}

function usageOf(entries: readonly Entry[]): Usage | null {
  return entries.reduce<Usage | null>(
    (usage, { usage: change }) =>
      change === null ? usage : usage === null ? change : applyUsage(usage, change),
    null,
  );
}

function sumOf(
  entries: readonly Entry[],
  amount: (cost: Cost) => string | undefined,
): string | undefined {
  const amounts = entries.flatMap(({ cost }) => amount(cost) ?? []);
  if (amounts.length === 0) return undefined;
  return formatUsd(amounts.reduce((sum, usd) => sum + parseUsdRounded(usd), 0n));
}
