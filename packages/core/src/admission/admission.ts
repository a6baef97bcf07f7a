import type { Attempt } from '../budget/admission-request.js';
import type { Amounts } from '../budget/budget.js';
import type { CallToAdmit } from '../budget/call-to-admit.js';
import type { Decision, Refusal } from '../budget/decision.js';
import type { Entry } from '../entry.js';
import type { CallEstimate, CallShape } from '../estimate/estimator.js';
import type { BreakerAdvice } from './breakers.js';
import type { Acknowledgement } from './ports.js';

/** What is asked before a call leaves, and told when it has ended. */
export interface Admissions {
  /**
   * Decides before the call leaves; at once (no promise) where it can. Also when there are no budgets:
   * then only the estimate is made.
   */
  admit(call: CallToAdmit): Admission | Promise<Admission>;
  /** After the call: settles at what the entry says, teaches the estimator, counts for breakers. Never throws. */
  ended(entry: Entry, call: CallToAdmit, admission: Admission): void;
  /**
   * Counts a call that never came this way, and is booked now: an item of a batch's results. The same
   * one counts once. Never throws.
   */
  booked?(entry: Entry): void;
  close(): Promise<void>;
}

/** What was decided about a call. */
export interface Admission {
  outcome: 'admitted' | 'refused';
  /** The call as it goes out: the shape that was given, or the one that a callback returned last. */
  shape: CallShape;
  estimate: CallEstimate;
  /** Output tokens to which the request's `max_tokens` is to be set. */
  maxOutput?: number;
  /** Sentences for the caller's warning header. */
  warnings: readonly string[];
  /** Set on refusals; an `acknowledge` comes with the token that lets the same call pass. */
  refusal?: Refusal & { acknowledgement?: Acknowledgement };
  /** Everything that was asked and done; null where nobody is asked, all said yes without a word, or
   * the same refusal is on record already. */
  decision: Decision | null;
  /** For `ended`. */
  terms: AdmissionTerms;
}

/** On what terms a call was let go: what becomes of them when it has ended. */
export interface AdmissionTerms {
  /** What is held for it; null where nothing is. */
  readonly held: Amounts | null;
  /** The definition of budgets that it was admitted under. */
  readonly version: number;
  /** The breakers that want to know what it took. */
  readonly breakers: readonly BreakerAdvice[];
}

/** Of a call that nobody limits. */
export const freeTerms: AdmissionTerms = { held: null, version: 0, breakers: [] };

/** An attempt with what it is made of. */
export interface ShapedAttempt extends Attempt {
  shape: CallShape;
  estimate: CallEstimate;
}

/** The attempt that a call makes in this shape. */
export function attemptOf(
  shape: CallShape,
  estimate: CallEstimate,
  estimable: boolean,
): ShapedAttempt {
  const { model } = shape;
  if (!estimable) return { model, shape, estimate, demand: noDemand, expectedCost: null };
  return {
    model,
    shape,
    estimate,
    demand: estimate.demand,
    expectedCost: estimate.cost?.expected ?? null,
    expectedInput: estimate.input.expected,
  };
}

const noDemand = {
  inputTokens: 0,
  inputCost: 0n,
  outputPrice: 0n,
  likelyOutput: 0,
  mostOutput: 0,
  mayClamp: false,
} as const;
