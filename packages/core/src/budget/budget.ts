import type { BudgetWindow } from './budget-window.js';

/** What a budget limits: money in picodollars, tokens (input and output), or calls. */
export const budgetMeasures = ['usd', 'tokens', 'calls'] as const;
export type BudgetMeasure = (typeof budgetMeasures)[number];

/** An amount of each measure. Money is picodollars. */
export type Amounts = Readonly<Record<BudgetMeasure, bigint>>;

/** What happens when a call does not fit. They are tried in the order in which a budget lists them. */
export const budgetActions = [
  /** Let it pass and say so. */
  'warn',
  /** Try the next cheaper model of the budget's chain. */
  'downgrade',
  /** Drop the oldest turns of the history, then shorten the answer, until the call fits. */
  'truncate',
  /** Refuse with the time after which it may be tried again. */
  'throttle',
  /** Refuse until a person confirms this call. */
  'acknowledge',
  /** Refuse. */
  'block',
] as const;
export type BudgetAction = (typeof budgetActions)[number];

/**
 * How much is held for a call while it runs.
 * - `clamp`: what it may need (its learned q99), and `max_tokens` is lowered to that where the limit
 *   is near: never more spent than the limit, and nobody starves.
 * - `bound`: the most it can cost. Never more than the limit; few calls at a time near it.
 * - `expected`: the learned q99, and the request is left as it is: may overshoot by the rare long answers.
 */
export const holdPolicies = ['clamp', 'bound', 'expected'] as const;
export type HoldPolicy = (typeof holdPolicies)[number];

/** What a gateway does when it cannot ask for the shared balance. */
export type UnavailablePolicy =
  /** Spend what was leased before, then refuse. */
  | { mode: 'closed' }
  /** Spend so much more on each gateway, then refuse. */
  | { mode: 'allowance'; amounts: Partial<Amounts> }
  | { mode: 'open' };

/**
 * A limit on what calls of a scope may take in a window.
 */
export interface Budget {
  /** Unique among the budgets; shown to operators and, if so configured, to callers. */
  name: string;
  /**
   * Which calls count: dimension → value. `*` stands for each value of its own (`user: "*"` is one
   * account for each user). Calls that lack a dimension are not of the scope. Empty: all calls.
   */
  scope: Readonly<Record<string, string>>;
  window: BudgetWindow;
  limits: Readonly<Partial<Amounts>>;
  /** Limits of single accounts in place of those, by `scopeKey` of their values. */
  exceptions?: ReadonlyMap<string, Readonly<Partial<Amounts>>>;
  /** Share of a limit from which on the budget warns, once for each account and window. */
  softShare: number;
  /** Limits of a single call. */
  call: CallLimits;
  actions: readonly BudgetAction[];
  /** Model → the next cheaper one, for `downgrade`. */
  downgrades: ReadonlyMap<string, string>;
  hold: HoldPolicy;
  /** Fewest output tokens worth a call: a smaller rest refuses. */
  leastOutput: number;
  unavailable: UnavailablePolicy;
  /** A paused budget goes on counting, and neither warns nor refuses. */
  paused: boolean;
}

/** What one call may take, whatever is left in the window. */
export interface CallLimits {
  /** Expected cost from which on it is said that the call is dear, in picodollars. */
  readonly warn?: bigint;
  /** Largest expected cost, in picodollars. */
  readonly max?: bigint;
  /** Most input tokens, as expected; from the soft share of it on it is said. */
  readonly inputTokens?: number;
  /** Most output tokens: `max_tokens` is lowered to it. */
  readonly outputTokens?: number;
}
