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

/**
 * Which budgets a call is of, and which accounts it must fit under. The same scope values give the
 * same account keys on every gateway.
 */
export class BudgetAccounts {
  readonly #budgets: readonly Budget[];
  /** Accounts by key: a team's calls keep coming back to the same ones. */
  readonly #known = new Map<string, readonly AccountReference[]>();

  constructor(budgets: readonly Budget[]) {
    this.#budgets = budgets;
  }

  claims(subject: BudgetSubject): BudgetClaim[] {
    const claims: BudgetClaim[] = [];
    for (const budget of this.#budgets) {
      const key = keyOf(budget, subject);
      if (key === null) continue;
      let accounts = this.#known.get(key);
      if (accounts === undefined) {
        accounts = accountsOf(budget, key);
        if (this.#known.size >= mostKnown) this.#known.clear();
        this.#known.set(key, accounts);
      }
      claims.push({ budget, accounts });
    }
    return claims;
  }
}

/** Users are many: what is remembered of them is bounded, and only spares work. */
const mostKnown = 50_000;

/** Null when the call is not of the scope. */
function keyOf(budget: Budget, subject: BudgetSubject): string | null {
  let key = budget.name;
  for (const dimension in budget.scope) {
    const value = valueOf(dimension, subject);
    const wanted = budget.scope[dimension];
    if (value === undefined || (wanted !== '*' && wanted !== value)) return null;
    key += `${separator}${dimension}=${value}`;
  }
  return key;
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
  const { name, window, limits, softShare, actions, paused } = budget;
  // In millionths, so that the share of an amount of any size is a whole number.
  const millionths = BigInt(Math.round(softShare * 1e6));
  return budgetMeasures.flatMap((measure) => {
    const limit = limits[measure];
    if (limit === undefined) return [];
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
