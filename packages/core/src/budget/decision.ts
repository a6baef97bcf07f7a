import type { BudgetAction, BudgetMeasure } from './budget.js';
import type { BreakerStep } from './circuit-breaker.js';

/** What one account said to a call. Amounts: USD as decimal strings, tokens and calls as whole numbers in text. */
export interface AccountVerdict {
  budget: string;
  /** The scope's values, e.g. `{ user: "u_1f…" }`. */
  scope: Record<string, string>;
  measure: BudgetMeasure;
  limit: string;
  /** Spent and held before this call. */
  used: string;
  /** What this call asked for. */
  asked: string;
  /** `soft`: yes, above the soft threshold for the first time; `over`: yes, though it is used up. */
  said: 'yes' | 'soft' | 'over' | 'no';
  /** When the window begins anew; null for a total. */
  resets_at: string | null;
}

/** One thing that was done to make a call fit, or to refuse it. */
export type DecisionStep =
  | { do: 'hold'; model: string; usd: string | null; tokens: number; max_output?: number }
  | { do: 'cap'; budget: string; expected_usd: string; max_usd: string }
  | { do: 'cap_tokens'; budget: string; expected_input_tokens: number; max_input_tokens: number }
  | { do: 'downgrade'; budget: string; from: string; to: string }
  | { do: 'truncate'; budget: string; from_input_tokens: number; to_input_tokens: number }
  | { do: 'acknowledged'; budget: string }
  /** A tripped breaker's step. A probe is a call that tries the milder one. */
  | { do: 'breaker'; breaker: string; step: BreakerStep; probe: boolean }
  /** What a restriction in force made of the call; `restriction` is its id. */
  | { do: 'restriction'; restriction: string; step: BreakerStep }
  /** The call is of a run that was stopped. */
  | { do: 'run_stopped'; run: string }
  | { do: Exclude<BudgetAction, 'warn' | 'downgrade' | 'truncate'>; budget: string };

/** Everything that budgets decided about a call: `farthing budgets why <call id>` shows it. */
export interface Decision {
  call: string;
  at: string;
  outcome: 'admitted' | 'refused';
  /** The model that it goes out with. */
  model: string | null;
  steps: DecisionStep[];
  accounts: AccountVerdict[];
  /** Sentences for the caller's warning header and the operator. */
  warnings: string[];
  /** Set on refusals. */
  refusal?: Refusal;
}

export interface Refusal {
  action: 'throttle' | 'acknowledge' | 'block';
  /** The budget, or the breaker, that said no; of a restriction or a stopped run its id. */
  budget: string;
  /** Set when a circuit breaker refuses, and no budget. */
  breaker?: true;
  /** Set when an action refuses that people or incidents took, and no budget. */
  code?: 'run_stopped' | 'restricted';
  /** The incident behind such an action. */
  incident?: string;
  /** When such an action ends by itself, ISO 8601. */
  until?: string;
  /** Why, without amounts: these are shown to callers only where configured. */
  message: string;
  /** Whole seconds after which the same call may fit; null when it never will by waiting. */
  retry_after_s: number | null;
}
