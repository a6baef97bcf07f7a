import {
  countedParts,
  countedSpan,
  formatUsd,
  partAt,
  scopeOfAccount,
  windowName,
  type AccountState,
  type BudgetMeasure,
  type DefinedBudget,
} from '@farthing/core';

/** One account: a budget, the values of its scope, and one measure. Amounts as decimals in text. */
export interface AccountStatus {
  scope: Record<string, string>;
  measure: BudgetMeasure;
  limit: string;
  spent: string;
  /** Held for calls that run. */
  held: string;
  /** (spent + held) ÷ limit. */
  ratio: number;
}

export interface BudgetStatus {
  name: string;
  scope: Record<string, string>;
  window: string;
  actions: string[];
  paused: boolean;
  /** As it was written, without what was raised or paused since. */
  definition: Record<string, unknown>;
  /** Where the budget comes from. */
  origin: { from: 'config' } | { from: 'change'; at: string; by: string };
  raised: { limit: object; until: string | null; by: string } | null;
  /** Accounts that are raised by themselves. */
  raised_accounts: {
    scope: Record<string, string>;
    limit: object;
    until: string | null;
    by: string;
  }[];
  /** Its limits, as they hold now. */
  limit: Partial<Record<BudgetMeasure, string>>;
  call: Record<string, string | number>;
  /** Share of the limit from which on it warns. */
  soft: number;
  /** Models of a downgrade, the dearest first. */
  downgrade: string[];
  /** When what counts begins anew (calendar) or starts to be forgotten (rolling); null for a total. */
  resets_at: string | null;
  /** The fullest first; those with nothing spent are none. Usually at most a hundred. */
  accounts: AccountStatus[];
  /** How many accounts there are. */
  account_count: number;
  /** The fullest account's ratio; 0 without any. */
  ratio: number;
}

const usuallyShown = 100;

/** How budgets stand, from balances as they are kept. @param most accounts of each that are listed */
export function budgetStatuses(
  defined: readonly DefinedBudget[],
  accounts: Iterable<AccountState>,
  at: number,
  most = usuallyShown,
): BudgetStatus[] {
  const byBudget = new Map<string, AccountState[]>();
  for (const account of accounts) {
    const name = account.key.slice(0, account.key.indexOf('\u001f'));
    const list = byBudget.get(name);
    if (list === undefined) byBudget.set(name, [account]);
    else list.push(account);
  }
  return defined.map((one) => statusOf(one, byBudget.get(one.budget.name) ?? [], at, most));
}

function statusOf(
  { budget, stated, origin, raised, raisedAccounts }: DefinedBudget,
  states: readonly AccountState[],
  at: number,
  most: number,
): BudgetStatus {
  const { name, scope, window, actions, limits, paused, call } = budget;
  const accounts = states.flatMap((state) => {
    const account = accountOf(state, budget, at);
    return account === null ? [] : [account];
  });
  accounts.sort((a, b) => b.ratio - a.ratio);
  const { resetsAt } = countedSpan(window, at);
  return {
    name,
    scope: { ...scope },
    window: windowName(window),
    actions: [...actions],
    paused,
    definition: stated,
    origin,
    raised,
    raised_accounts: [...raisedAccounts],
    limit: Object.fromEntries(
      Object.entries(limits).map(([measure, limit]) => [
        measure,
        textOf(limit, measure as BudgetMeasure),
      ]),
    ),
    call: {
      ...(call.warn === undefined ? {} : { warn: formatUsd(call.warn) }),
      ...(call.max === undefined ? {} : { max: formatUsd(call.max) }),
      ...(call.inputTokens === undefined ? {} : { input_tokens: call.inputTokens }),
      ...(call.outputTokens === undefined ? {} : { output_tokens: call.outputTokens }),
    },
    soft: budget.softShare,
    downgrade: chainOf(budget.downgrades),
    resets_at: Number.isFinite(resetsAt) ? new Date(resetsAt).toISOString() : null,
    accounts: accounts.slice(0, most),
    account_count: accounts.length,
    ratio: accounts[0]?.ratio ?? 0,
  };
}

/** The models in their order: each but the first is what another leads to. */
function chainOf(downgrades: ReadonlyMap<string, string>): string[] {
  const reached = new Set(downgrades.values());
  const chain = [...downgrades.keys()].filter((model) => !reached.has(model));
  for (let next = downgrades.get(chain.at(-1) ?? ''); next !== undefined;) {
    chain.push(next);
    next = downgrades.get(next);
  }
  return chain;
}

/** Null when nothing in it counts any more, or when it is of a window or measure that the budget has no more. */
function accountOf(
  { key, window, parts }: AccountState,
  { name, limits, exceptions, window: wanted }: DefinedBudget['budget'],
  at: number,
): AccountStatus | null {
  const measure = key.slice(key.lastIndexOf('\u001f') + 1) as BudgetMeasure;
  const common = limits[measure];
  if (common === undefined || windowName(window) !== windowName(wanted)) return null;
  const end = key.lastIndexOf('\u001f', key.lastIndexOf('\u001f') - 1);
  const limit = exceptions?.get(key.slice(name.length + 1, end))?.[measure] ?? common;
  const first = partAt(window, at) - countedParts(window) + 1;
  let spent = 0n;
  let held = 0n;
  for (const { part, committed, reserved } of parts) {
    if (part < first) continue;
    spent += committed;
    held += reserved;
  }
  if (spent === 0n && held === 0n) return null;
  return {
    scope: scopeOfAccount(key),
    measure,
    limit: textOf(limit, measure),
    spent: textOf(spent, measure),
    held: textOf(held, measure),
    ratio: Number(((spent + held) * 1_000_000n) / limit) / 1e6,
  };
}

function textOf(amount: bigint, measure: BudgetMeasure): string {
  return measure === 'usd' ? formatUsd(amount) : amount.toString();
}
