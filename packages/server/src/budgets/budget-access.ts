import type { BreakerStatus, Restriction, StoppedRun } from '@farthing/core';
import type { BudgetStatus } from './budget-status.js';
import type { StatedLimits } from './changes.js';
import type { EstimateRequest, RequestEstimate } from './estimate-request.js';
import type { FoundDecision } from './read-decisions.js';
import type { RestrictionList, RestrictionOrder, StopOrder } from './restriction-orders.js';

export type { BudgetStatus } from './budget-status.js';
export type { EstimateRequest, ModelEstimate, RequestEstimate } from './estimate-request.js';
export type { FoundDecision } from './read-decisions.js';
export type { StatedLimits } from './changes.js';
export type { RestrictionList, RestrictionOrder, StopOrder } from './restriction-orders.js';

export interface BudgetList {
  /** When the balances were so. */
  as_of: string;
  /** Whether a gateway runs that keeps them. */
  live: boolean;
  shared: boolean;
  budgets: BudgetStatus[];
  /** Changes that cannot be used. */
  problems: string[];
  /** What else holds for calls. */
  restrictions: Restriction[];
  stopped_runs: StoppedRun[];
}

export interface BudgetView extends Omit<BudgetList, 'budgets' | keyof RestrictionList> {
  budget: BudgetStatus;
}

export interface BreakerView {
  name: string;
  scope: Record<string, string>;
  /** USD in the window that trip it. */
  limit: string;
  window_s: number;
  steps: string[];
  /** Those that are not closed. */
  tripped: {
    scope: Record<string, string>;
    state: BreakerStatus['state'];
    step: string | null;
    cause: string | null;
    since: string | null;
    until: string | null;
  }[];
}

/** Who did what, as it was recorded. */
export interface Recorded {
  id: string;
  recorded_at: string;
}

/** What commands and the API do about budgets. */
export interface BudgetAccess {
  list(): Promise<BudgetList>;
  /** One budget, with so many of its accounts, the fullest first. Throws `unknown_budget`. */
  show(name: string, most: number): Promise<BudgetView>;
  /** Throws `invalid_budgets`. */
  set(budget: Record<string, unknown>, by: string): Promise<Recorded>;
  /** Throws `unknown_budget`. */
  remove(name: string, by: string): Promise<Recorded>;
  pause(name: string, by: string): Promise<Recorded>;
  resume(name: string, by: string): Promise<Recorded>;
  /**
   * More for what is left of the window; with `account`, values of its scope, for that account alone.
   * Throws `unknown_budget`, `invalid_raise`.
   */
  raise(name: string, raise: Raise, by: string, account?: Account): Promise<Raising>;
  why(call: string): Promise<FoundDecision | null>;
  history(asked: HistoryQuestion): Promise<FoundDecision[]>;
  /** Throws `acknowledgement_refused`. */
  acknowledge(token: string, by: string): Promise<{ budgets: string[]; expires_at: string }>;
  breakers(): Promise<BreakerView[]>;
  /** Throws `unknown_breaker`. */
  trip(breaker: string, order: BreakerOrder, by: string): Promise<Recorded & { until: string }>;
  reset(breaker: string, order: BreakerOrder, by: string): Promise<Recorded>;
  /** What restricts calls beside budgets now, and which runs are stopped. */
  restrictions(): Promise<RestrictionList>;
  /** Calls of a scope have to put up with a step for a time. Throws `invalid_restriction`. */
  restrict(order: RestrictionOrder, by: string): Promise<Restriction>;
  /** Ends a restriction before its time. Throws `unknown_restriction`. */
  lift(id: string, by: string, note?: string): Promise<Recorded>;
  /** Refuses the calls of a run for a time. Throws `invalid_restriction`. */
  stopRun(run: string, order: StopOrder, by: string): Promise<StoppedRun>;
  /** Lets a stopped run go on. Throws `unknown_stopped_run`. */
  releaseRun(run: string, by: string, note?: string): Promise<Recorded>;
  /** Throws `invalid_request`, and `cannot_count` or `count_failed` where a provider was to count. */
  estimate(request: EstimateRequest): Promise<RequestEstimate>;
}

export interface HistoryQuestion {
  limit: number;
  budget?: string | undefined;
  outcome?: string | undefined;
}

/** Values of a scope: `{ user: 'ada' }`. Users may be named as callers name them. */
export type Account = Readonly<Record<string, string>>;

export interface Raising extends Recorded {
  until: string | null;
  /** The account as it stands in entries; null where the whole budget is raised. */
  account: Record<string, string> | null;
}

/** Limits to raise to, or amounts to raise by. */
export type Raise = { to: StatedLimits } | { by: StatedLimits };

export interface BreakerOrder {
  /** Of a breaker for each of its own: which one. All that are known when left out. */
  scope?: Record<string, string> | undefined;
  cause?: string | undefined;
  /** How long it stays tripped at least, in seconds. */
  seconds?: number | undefined;
}
