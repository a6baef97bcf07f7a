import type { Amounts, Budget, BudgetMeasure } from '../budget/budget.js';
import { scopeKey } from '../budget/budget-accounts.js';
import { windowName } from '../budget/budget-window.js';
import { examineBudgets } from '../budget/read-budgets.js';
import type { BudgetChange, StatedLimits } from './budget-change.js';
import { composeRestrictions, type RestrictionsInForce } from './restrictions.js';

/** A budget that holds, and where it comes from. */
export interface DefinedBudget {
  budget: Budget;
  /** As it was written, for people and for the API. */
  stated: Record<string, unknown>;
  origin: { from: 'config' } | { from: 'change'; at: string; by: string };
  /** Limits that hold for a time, in place of the budget's own. */
  raised: Raised | null;
  /** The same of single accounts, named by the values of their scope. */
  raisedAccounts: readonly (Raised & { scope: Record<string, string> })[];
}

export interface Raised {
  limit: StatedLimits;
  until: string | null;
  by: string;
}

export interface ComposedBudgets extends RestrictionsInForce {
  defined: readonly DefinedBudget[];
  /** Changes that cannot be used; what held before them goes on. */
  problems: readonly string[];
  /** When a raise, a restriction or the stop of a run ends next, in milliseconds since the epoch; ∞ when none does. */
  nextChangeAt: number;
}

/** The budgets of the configuration with all changes up to now. A change wins over the configuration. */
export function composeBudgets(
  configured: readonly unknown[],
  changes: readonly BudgetChange[],
  at: number,
): ComposedBudgets {
  const defined = new Map<string, DefinedBudget>();
  const { restrictions, stoppedRuns, problems, ...ordered } = composeRestrictions(changes, at);
  let { nextChangeAt } = ordered;
  for (const stated of configured) {
    const budget = readOne(stated, problems);
    if (budget !== null) defined.set(budget.name, define(budget, stated, { from: 'config' }));
  }
  for (const change of changes) {
    if (!isOfBudget(change)) continue;
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
      const raised: Raised = { limit: change.limit, until: change.until, by: change.recorded_by };
      const next =
        change.account === undefined
          ? raise(known, limits, raised)
          : raiseAccount(known, change.account, limits, raised);
      if (next !== null) defined.set(change.name, next);
      else problems.push(`budget "${change.name}" has no account that was to be raised`);
    } else {
      const budget = { ...known.budget, paused: change.do === 'pause' };
      defined.set(change.name, { ...known, budget });
    }
  }
  return { defined: [...defined.values()], restrictions, stoppedRuns, problems, nextChangeAt };
}

type ChangeOfBudget = Extract<
  BudgetChange,
  { do: 'set' | 'remove' | 'pause' | 'resume' | 'raise' }
>;

function isOfBudget(change: BudgetChange): change is ChangeOfBudget {
  return change.do === 'set' || 'name' in change;
}

/** What a budget's balances belong to: with another scope or window it counts anew. */
export function identityOf({ name, scope, window, limits }: Budget): string {
  return JSON.stringify([name, scope, windowName(window), Object.keys(limits).sort()]);
}

function define(budget: Budget, stated: unknown, origin: DefinedBudget['origin']): DefinedBudget {
  return {
    budget,
    stated: stated as Record<string, unknown>,
    origin,
    raised: null,
    raisedAccounts: [],
  };
}

/** An account that was raised by itself keeps what it has where that is more. */
function raise(known: DefinedBudget, limits: Partial<Amounts>, raised: Raised): DefinedBudget {
  const { budget } = known;
  const { exceptions = new Map<string, Partial<Amounts>>() } = budget;
  return {
    ...known,
    budget: {
      ...budget,
      limits: { ...budget.limits, ...limits },
      exceptions: new Map([...exceptions].map(([key, own]) => [key, larger(own, limits)])),
    },
    raised,
  };
}

/** Null where the budget has no such account. */
function raiseAccount(
  known: DefinedBudget,
  scope: Record<string, string>,
  limits: Partial<Amounts>,
  raised: Raised,
): DefinedBudget | null {
  const { budget, raisedAccounts } = known;
  const key = scopeKey(budget.scope, scope);
  if (key === null) return null;
  const exceptions = new Map(budget.exceptions);
  exceptions.set(key, { ...exceptions.get(key), ...limits });
  const others = raisedAccounts.filter((one) => scopeKey(budget.scope, one.scope) !== key);
  return {
    ...known,
    budget: { ...budget, exceptions },
    raisedAccounts: [...others, { ...raised, scope }],
  };
}

function larger(own: Partial<Amounts>, limits: Partial<Amounts>): Partial<Amounts> {
  const entries = Object.entries(own).map(([measure, amount]) => {
    const other = limits[measure as BudgetMeasure];
    return [measure, other !== undefined && other > amount ? other : amount] as const;
  });
  return Object.fromEntries(entries);
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
