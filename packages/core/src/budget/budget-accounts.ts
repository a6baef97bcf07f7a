import type { Tags } from '../tags.js';
import { budgetMeasures, type Budget } from './budget.js';
import { windowName } from './budget-window.js';
import type { AccountReference } from './escrow.js';

/** What a call is, as far as scopes of budgets can ask. */
export interface BudgetSubject {
  tags: Tags;
  provider: string;
  model: string | null;
  /** A name for the caller's key, never the key. */
  key?: string | undefined;
}

/** The accounts of one budget that a call is of. */
export interface BudgetClaim {
  budget: Budget;
  accounts: readonly AccountReference[];
}

const separator = '\u001f';

/** Users are many: what is remembered of them is bounded, and only spares work. */
const mostKnown = 50_000;

/** Values of a scope's dimensions, one below the other, down to the claim on their accounts. */
interface Branch {
  claim: BudgetClaim | null;
  branches: Map<string, Branch> | null;
}

interface PlannedBudget {
  budget: Budget;
  dimensions: readonly (readonly [dimension: string, wanted: string])[];
  root: Branch;
}

/**
 * Which budgets a call is of, and which accounts it must fit under. The same scope values give the
 * same account keys on every gateway. A team's calls keep coming back to the same accounts, so keys are
 * put together once.
 */
export class BudgetAccounts {
  readonly #planned: readonly PlannedBudget[];
  #known = 0;

  constructor(budgets: readonly Budget[]) {
    this.#planned = budgets.map((budget) => ({
      budget,
      dimensions: Object.entries(budget.scope),
      root: { claim: null, branches: null },
    }));
  }

  claims(subject: BudgetSubject): BudgetClaim[] {
    const claims: BudgetClaim[] = [];
    for (const planned of this.#planned) {
      const branch = this.#branchOf(planned, subject);
      if (branch === null) continue;
      branch.claim ??= claimOf(planned, subject);
      claims.push(branch.claim);
    }
    return claims;
  }

  /** Null when the call is not of the scope. */
  #branchOf(planned: PlannedBudget, subject: BudgetSubject): Branch | null {
    let branch = planned.root;
    for (const [dimension, wanted] of planned.dimensions) {
      const value = valueOf(dimension, subject);
      if (value === undefined) return null;
      // One value needs no branching.
      if (wanted === value) continue;
      if (wanted !== '*') return null;
      branch.branches ??= new Map();
      let next = branch.branches.get(value);
      if (next === undefined) {
        next = { claim: null, branches: null };
        this.#remember();
        branch.branches.set(value, next);
      }
      branch = next;
    }
    return branch;
  }

  #remember(): void {
    this.#known += 1;
    if (this.#known <= mostKnown) return;
    this.#known = 0;
    for (const { root } of this.#planned) root.branches = null;
  }
}

function claimOf({ budget, dimensions }: PlannedBudget, subject: BudgetSubject): BudgetClaim {
  let key = budget.name;
  for (const [dimension] of dimensions) {
    key += `${separator}${dimension}=${valueOf(dimension, subject)!}`;
  }
  return { budget, accounts: accountsOf(budget, key) };
}

/** Whether a call is of a scope; `*` stands for any value. */
export function isOfScope(
  scope: Readonly<Record<string, string>>,
  subject: BudgetSubject,
): boolean {
  for (const dimension in scope) {
    const value = valueOf(dimension, subject);
    if (value === undefined) return false;
    if (scope[dimension] !== value && scope[dimension] !== '*') return false;
  }
  return true;
}

function valueOf(
  dimension: string,
  { tags, provider, model, key }: BudgetSubject,
): string | undefined {
  if (dimension.startsWith('tag:')) return tags.custom?.[dimension.slice('tag:'.length)];
  if (dimension === 'provider') return provider;
  if (dimension === 'model') return model ?? undefined;
  if (dimension === 'key') return key;
  return tags[dimension as keyof Omit<Tags, 'custom'>];
}

function accountsOf(budget: Budget, key: string): AccountReference[] {
  const { name, window, limits, exceptions, softShare, actions, paused } = budget;
  const own = exceptions?.get(key.slice(name.length + separator.length));
  // In millionths, so that the share of an amount of any size is a whole number.
  const millionths = BigInt(Math.round(softShare * 1e6));
  return budgetMeasures.flatMap((measure) => {
    const common = limits[measure];
    if (common === undefined) return [];
    const limit = own?.[measure] ?? common;
    return [
      {
        // A budget that gets another window counts anew: its parts of time are others.
        key: `${key}${separator}${windowName(window)}${separator}${measure}`,
        budget: name,
        measure,
        window,
        limit,
        soft: (limit * millionths) / 1_000_000n,
        enforced: actions[0] !== 'warn' && !paused,
      },
    ];
  });
}

/**
 * Names one account of a budget by the values of its scope, in the order of the scope. Null where a
 * value is missing, or is not the one that the budget is for.
 */
export function scopeKey(
  scope: Budget['scope'],
  values: Readonly<Record<string, string>>,
): string | null {
  const pairs: string[] = [];
  for (const [dimension, wanted] of Object.entries(scope)) {
    const value = values[dimension] ?? (wanted === '*' ? undefined : wanted);
    if (value === undefined || (wanted !== '*' && wanted !== value)) return null;
    pairs.push(`${dimension}=${value}`);
  }
  return pairs.join(separator);
}

/** The scope's values, which stand in an account's key: `{ user: "u_1f…" }`. */
export function scopeOfAccount(key: string): Record<string, string> {
  const pairs = key.split(separator).slice(1, -2);
  return Object.fromEntries(
    pairs.map((pair) => {
      const equals = pair.indexOf('=');
      return [pair.slice(0, equals), pair.slice(equals + 1)];
    }),
  );
}
