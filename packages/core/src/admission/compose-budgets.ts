import type { Amounts, Budget } from '../budget/budget.js';
import { windowName } from '../budget/budget-window.js';
import { examineBudgets } from '../budget/read-budgets.js';
import type { BudgetChange, StatedLimits } from './budget-change.js';

/** A budget that holds, and where it comes from. */
export interface DefinedBudget {
  budget: Budget;
  /** As it was written, for people and for the API. */
  stated: Record<string, unknown>;
  origin: { from: 'config' } | { from: 'change'; at: string; by: string };
  /** Limits that hold for a time, in place of the budget's own. */
  raised: { limit: StatedLimits; until: string | null; by: string } | null;
}

export interface ComposedBudgets {
  defined: readonly DefinedBudget[];
  /** Changes that cannot be used; what held before them goes on. */
  problems: readonly string[];
  /** When a raise ends next, in milliseconds since the epoch; ∞ when none does. */
  nextChangeAt: number;
}

/** The budgets of the configuration with all changes up to now. A change wins over the configuration. */
export function composeBudgets(
  configured: readonly unknown[],
  changes: readonly BudgetChange[],
  at: number,
): ComposedBudgets {
  const defined = new Map<string, DefinedBudget>();
  const problems: string[] = [];
  let nextChangeAt = Number.POSITIVE_INFINITY;
  for (const stated of configured) {
    const budget = readOne(stated, problems);
    if (budget !== null) defined.set(budget.name, define(budget, stated, { from: 'config' }));
  }
  for (const change of changes) {
    if (change.do === 'trip' || change.do === 'reset') continue;
    if (change.do === 'set') {
      const budget = readOne(change.budget, problems);
      const origin = { from: 'change', at: change.recorded_at, by: change.recorded_by } as const;
      if (budget !== null) defined.set(budget.name, define(budget, change.budget, origin));
      continue;
    }
    const known = defined.get(change.name);
    // The budget is gone from the configuration since: there is nothing to change.
    if (known === undefined) continue;
    if (change.do === 'remove') defined.delete(change.name);
    else if (change.do === 'raise') {
      const limits = readLimits(change.limit, problems);
      const until = change.until === null ? Number.POSITIVE_INFINITY : Date.parse(change.until);
      if (limits === null || !(at < until)) continue;
      nextChangeAt = Math.min(nextChangeAt, until);
      defined.set(change.name, {
        ...known,
        budget: { ...known.budget, limits: { ...known.budget.limits, ...limits } },
        raised: { limit: change.limit, until: change.until, by: change.recorded_by },
      });
    } else {
      const budget = { ...known.budget, paused: change.do === 'pause' };
      defined.set(change.name, { ...known, budget });
    }
  }
  return { defined: [...defined.values()], problems, nextChangeAt };
}

/** What a budget's balances belong to: with another scope or window it counts anew. */
export function identityOf({ name, scope, window, limits }: Budget): string {
  return JSON.stringify([name, scope, windowName(window), Object.keys(limits).sort()]);
}

function define(budget: Budget, stated: unknown, origin: DefinedBudget['origin']): DefinedBudget {
  return { budget, stated: stated as Record<string, unknown>, origin, raised: null };
}

function readOne(stated: unknown, problems: string[]): Budget | null {
  const read = examineBudgets([stated]);
  problems.push(...read.problems.map(({ message }) => message));
  return read.problems.length > 0 ? null : (read.budgets[0] ?? null);
}

/** Limits as they are written, read by the rules of a budget. */
export function readLimits(limit: StatedLimits, problems: string[]): Partial<Amounts> | null {
  return readOne({ name: 'raise', limit }, problems)?.limits ?? null;
}
