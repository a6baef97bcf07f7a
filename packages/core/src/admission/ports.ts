import type { Budget } from '../budget/budget.js';
import type { Decision } from '../budget/decision.js';
import type { Entry } from '../entry.js';
import type { Tags } from '../tags.js';
import type { ComposedBudgets } from './compose-budgets.js';

/** The budgets that hold: of a configuration, and what people changed since. */
export interface DefinitionsInForce {
  /** The budgets at this time (milliseconds since the epoch). The same object as long as nothing changes. */
  at(time: number): ComposedBudgets;
}

/** Where decisions that somebody may ask about are kept. It must neither wait nor throw. */
export interface DecisionRecorder {
  /** `likeness`: what refusals have in common of which one stands for all within a second. */
  add(decision: RecordedDecision, at: number, likeness?: string): void;
  /**
   * Counts a refusal with one that is on record since a moment ago; false where there is none.
   * Absent where each is to be told.
   */
  repeats?(likeness: string, call: string, at: number): boolean;
}

export interface RecordedDecision extends Decision {
  provider: string;
  /** The model that was asked for. */
  model_requested: string;
  tags: Tags;
}

/** Balances of one process, beside the ledger that keeps them. */
export interface LocalBalances {
  /** Names the budgets that hold now: what a call is admitted under. */
  readonly version: number;
  /** The budgets are others from now on; the past of those that are new is counted. */
  redefine(budgets: readonly Budget[]): Promise<void>;
  /** A call that was admitted under `version` at this time has ended, and is settled. */
  ended(entry: Entry, at: number, version: number): void;
  /** A call was admitted: what it holds is to be seen. */
  touch(): void;
}

/** What a person may confirm: this very request, for these budgets, once, until then. */
export interface Acknowledgement {
  token: string;
  expires_at: string;
}

/** Why a token does not count, as a sentence. */
export type Objection = string;

/** Tokens by which a person lets a refused call pass, and what was confirmed by them. */
export interface AcknowledgementBook {
  issue(budgets: readonly string[], fingerprint: string): Acknowledgement;
  /**
   * Uses a token that came with a call. Returns the budgets that it overrules and how to give it back,
   * should the call be refused for another reason; or why it does not count.
   */
  use(token: string, fingerprint: string): { budgets: string[]; giveBack(): void } | Objection;
  /** Takes the confirmation that waits for this request; null when there is none. */
  take(fingerprint: string): { budgets: string[]; giveBack(): void } | null;
}
