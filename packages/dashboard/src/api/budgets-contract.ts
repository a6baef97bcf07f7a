import type { BudgetMeasure, Decision, Tags } from '@farthing/core';
import { change, get } from './http.js';

/** The control plane's routes about budgets as the dashboard uses them. */

/** Dimension → value, `*` for each of its own. */
export type Scope = Record<string, string>;

/** USD as a decimal string, tokens and calls as whole numbers in text. */
export interface Account {
  scope: Scope;
  measure: BudgetMeasure;
  limit: string;
  spent: string;
  held: string;
  /** (spent + held) ÷ limit. */
  ratio: number;
}

export interface Raise {
  limit: Record<string, unknown>;
  until: string | null;
  by: string;
}

export interface Budget {
  name: string;
  scope: Scope;
  /** `day`, `rolling day`, `total`. */
  window: string;
  actions: string[];
  paused: boolean;
  origin: { from: 'config' } | { from: 'change'; at: string; by: string };
  raised: Raise | null;
  /** Accounts that are raised by themselves. */
  raised_accounts: (Raise & { scope: Scope })[];
  limit: Partial<Record<BudgetMeasure, string>>;
  call: Record<string, string | number>;
  resets_at: string | null;
  /** The fullest first, at most a hundred; none while nothing is spent. */
  accounts: Account[];
  account_count: number;
  ratio: number;
  /** Share of the limit from which on it warns. */
  soft: number;
  /** Models of a downgrade, the dearest first. */
  downgrade: string[];
}

export interface BudgetList {
  as_of: string;
  live: boolean;
  shared: boolean;
  budgets: Budget[];
  problems: string[];
}

export interface TrippedBreaker {
  scope: Scope;
  state: 'closed' | 'tripped' | 'half_open';
  step: string | null;
  cause: string | null;
  since: string | null;
  until: string | null;
}

export interface Breaker {
  name: string;
  scope: Scope;
  limit: string;
  window_s: number;
  steps: string[];
  /** Those that are not closed. */
  tripped: TrippedBreaker[];
}

/** A decision on record, with how often the same was decided within its second. */
export interface FoundDecision extends Decision {
  provider: string;
  model_requested: string;
  tags: Tags;
  times: number;
  same_as?: string;
}

export type Outcome = FoundDecision['outcome'];
export type Limits = { usd?: string; tokens?: number; calls?: number };

const root = '/api/v1/budgets';
const one = (name: string) => `${root}/${encodeURIComponent(name)}`;
const breaker = (name: string) => `${root}/breakers/${encodeURIComponent(name)}`;
/** Who is on record for what is done here. */
const by = 'dashboard';

export const fetchBudgets = (signal: AbortSignal): Promise<BudgetList> => get(root, signal);

export const fetchBreakers = (signal: AbortSignal): Promise<{ breakers: Breaker[] }> =>
  get(`${root}/breakers`, signal);

export interface DecisionChoice {
  limit: number;
  outcome: Outcome | null;
  budget: string | null;
}

export function decisionsPath({ limit, outcome, budget }: DecisionChoice): string {
  const parameters = new URLSearchParams({ limit: String(limit) });
  if (outcome !== null) parameters.set('outcome', outcome);
  if (budget !== null) parameters.set('budget', budget);
  return `${root}/decisions?${parameters.toString()}`;
}

export const fetchDecisions = (
  choice: DecisionChoice,
  signal: AbortSignal,
): Promise<{ decisions: FoundDecision[] }> => get(decisionsPath(choice), signal);

export const fetchDecision = (call: string, signal: AbortSignal): Promise<FoundDecision> =>
  get(`${root}/decisions/${encodeURIComponent(call)}`, signal);

export const setBudget = (budget: Record<string, unknown>): Promise<unknown> =>
  change('PUT', root, { budget, by });

export const removeBudget = (name: string): Promise<unknown> => change('DELETE', one(name));

export const orderBudget = (name: string, order: 'pause' | 'resume'): Promise<unknown> =>
  change('POST', `${one(name)}/${order}`, { by });

/** For what is left of the window; of a budget for each of its own for one `account` alone. */
export const raiseBudget = (
  name: string,
  add: Limits,
  account: Scope | null,
): Promise<{ until: string | null }> =>
  change('POST', `${one(name)}/raise`, { add, ...(account === null ? {} : { account }), by });

export const acknowledge = (token: string): Promise<{ budgets: string[]; expires_at: string }> =>
  change('POST', `${root}/acknowledgements`, { token, by });

export interface BreakerOrder {
  scope?: Scope;
  cause?: string;
  seconds?: number;
}

export const tripBreaker = (name: string, order: BreakerOrder): Promise<{ until: string }> =>
  change('POST', `${breaker(name)}/trip`, { ...order, by });

export const resetBreaker = (name: string, order: BreakerOrder): Promise<unknown> =>
  change('POST', `${breaker(name)}/reset`, { ...order, by });
