import type { Amounts, Attempt, CallEstimate, CallShape, Decision, Refusal } from '@farthing/core';
import type { Acknowledgement } from './acknowledgements.js';
import type { BreakerAdvice } from './breakers.js';

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
  /** Everything that was asked and done; null where there was nothing to ask. */
  decision: Decision | null;
  /** For `ended`: what is held, under which definition of budgets, and which breakers want to know. */
  readonly held: Amounts | null;
  readonly version: number;
  readonly breakers: readonly BreakerAdvice[];
}

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
