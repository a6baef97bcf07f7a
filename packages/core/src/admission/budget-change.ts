import type { BreakerStep } from '../budget/circuit-breaker.js';

interface ChangeLine {
  id: string;
  recorded_at: string;
  recorded_by: string;
  note?: string;
}

/** Limits as they are written: USD as a decimal string, tokens and calls as whole numbers. */
export interface StatedLimits {
  usd?: string;
  tokens?: number;
  calls?: number;
}

/** What somebody changed. Lines are never changed or removed: the file is the history. */
export type BudgetChange = ChangeLine &
  (
    | { do: 'set'; budget: Record<string, unknown> }
    | { do: 'remove' | 'pause' | 'resume'; name: string }
    /**
     * Holds until the window ends; for ever where a total has no end. With `account`, the values of its
     * scope, of a budget for each of its own: for that one alone.
     */
    | {
        do: 'raise';
        name: string;
        account?: Record<string, string>;
        limit: StatedLimits;
        until: string | null;
      }
    | { do: 'trip'; breaker: string; key?: string; cause: string; until: string }
    | { do: 'reset'; breaker: string; key?: string }
    /** Calls of the scope put up with the step until then; the change's `id` is the restriction's. */
    | ({ do: 'restrict'; step: BreakerStep; scope: Record<string, string> } & RestrictLine)
    | { do: 'lift'; restriction: string }
    /** Calls of the run (their tag `run`, or `session` where they have no run) are refused until then. */
    | { do: 'stop_run'; run: string; cause: string; until: string; incident?: string }
    | { do: 'release_run'; run: string }
  );

interface RestrictLine {
  /** Models for `downgrade`, the dearest first. */
  downgrade?: string[];
  /** Of `throttle`: one call in so many passes. */
  one_in?: number;
  /** Why, as a sentence for people and agents. */
  cause: string;
  until: string;
  /** The incident that it is an action of. */
  incident?: string;
}
