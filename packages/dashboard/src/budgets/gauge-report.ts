import type { BudgetMeasure } from '@farthing/core';
import type { Account, Budget } from '../api/budgets-contract.js';
import { isForEach } from './budget-words.js';

export type Level = 'calm' | 'soft' | 'full';

/**
 * Near its limit a budget refuses what is larger than the rest, so it seldom stands at the limit to the
 * last cent: with less than half a percent left it is used up for all that matters.
 */
export const fullFrom = 0.995;

export function levelOf(ratio: number, soft: number): Level {
  if (ratio >= fullFrom) return 'full';
  return ratio >= soft ? 'soft' : 'calm';
}

const order: BudgetMeasure[] = ['usd', 'tokens', 'calls'];

/**
 * The gauges that stand for a budget: one for each measure; of one for each user (and so on) that of
 * its fullest account. A measure of which nothing is spent yet has an empty one.
 */
export function gaugesOf(budget: Budget): Account[] {
  const { accounts, limit, scope } = budget;
  if (isForEach(budget) && accounts[0] !== undefined) return [accounts[0]];
  return order.flatMap((measure) => {
    const found = accounts.find((account) => account.measure === measure);
    const stated = limit[measure];
    if (found !== undefined) return [found];
    if (stated === undefined) return [];
    return [{ scope, measure, limit: stated, spent: '0', held: '0', ratio: 0 }];
  });
}

/** Widths of a gauge's parts, each 0 to 1; together never more than the whole. */
export function gaugeParts({ limit, spent, held }: Account): { spent: number; held: number } {
  const whole = Number(limit);
  if (!(whole > 0)) return { spent: 0, held: 0 };
  const first = Math.min(1, Math.max(0, Number(spent) / whole));
  return { spent: first, held: Math.min(1 - first, Math.max(0, Number(held) / whole)) };
}

/** What is in need of a look first; otherwise as they are written. */
export function countLevels(budgets: readonly Budget[]): Record<Level, number> {
  const counts = { calm: 0, soft: 0, full: 0 };
  for (const { ratio, soft, paused } of budgets) if (!paused) counts[levelOf(ratio, soft)] += 1;
  return counts;
}
