import type {
  Amounts,
  Attempt,
  CallEstimate,
  CallShape,
  Decision,
  Refusal,
  Tags,
} from '@farthing/core';
import type { Acknowledgement } from './acknowledgements.js';
import type { BreakerAdvice } from './breakers.js';

/** A call that is about to leave. Callbacks are asked only where a budget or breaker wants it otherwise. */
export interface CallToAdmit {
  id: string;
  /** Milliseconds since the epoch: the entry's `started_at`. */
  at: number;
  shape: CallShape;
  /** With the user as a pseudonym, as it stands in the entry. */
  tags: Tags;
  /** A name of the caller's key, never the key. Recorded as the custom tag `key`, it survives a restart. */
  key?: string | undefined;
  /** False where the size of the request says nothing of the cost: images, sound. Default true. */
  estimable?: boolean;
  /** The call as it would be on another model; null or absent where it cannot go there. */
  onModel?(model: string): CallShape | null;
  /**
   * The call with at least so many bytes of its history left out; null where nothing more can be. The
   * shape says how large it is then.
   */
  truncated?(bytes: number, shape: CallShape): CallShape | null;
  /** A digest of provider, path and body: what an acknowledgement is bound to. */
  fingerprint?(): string;
  /** The token that came with the call (`x-farthing-acknowledge`). */
  acknowledgement?: string | undefined;
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
