import type { CallEstimate, CallShape, Decision, Entry, Refusal, Tags } from '@farthing/core';

/** A call before it leaves, as estimates and budgets see it (the same as in ../budgets). */
export interface CallToAdmit {
  id: string;
  /** Milliseconds since the epoch: the entry's `started_at`. */
  at: number;
  shape: CallShape;
  /** All tags; the user is a pseudonym already. */
  tags: Tags;
  /** A name of the caller's key, never the key. */
  key?: string | undefined;
  /** False where the size of the request says nothing of the cost: images, sound. */
  estimable?: boolean;
  /** The call as it would be on another model of its provider; null where it cannot go there. */
  onModel?(model: string): CallShape | null;
  /** The call in this shape with at least so many bytes of history left out; null where that cannot be. */
  truncated?(bytes: number, shape: CallShape): CallShape | null;
  /** A digest of provider, path and body: what an acknowledgement is bound to. */
  fingerprint?(): string;
  /** The token with which a person confirmed this call. */
  acknowledgement?: string | undefined;
}

export interface Admission {
  outcome: 'admitted' | 'refused';
  /** The call as it goes out: the shape that was given, or one that `onModel` or `truncated` returned. */
  shape: CallShape;
  estimate: CallEstimate;
  /** Output tokens that the request may allow at most; absent where it stays as it is. */
  maxOutput?: number;
  /** Sentences for the caller. */
  warnings: readonly string[];
  /** Set on refusals; where a person may overrule it, with the token to send back. */
  refusal?: Refusal & { acknowledgement?: { token: string } };
  /** What budgets and breakers said; null where there was nothing to ask. */
  decision: Decision | null;
}

/** What the gateway asks before a call leaves and tells when it has ended; the real ones are in ../budgets. */
export interface Admissions {
  /** At once where it can. Also without budgets: then only the estimate is made. */
  admit(call: CallToAdmit): Admission | Promise<Admission>;
  /** Settles what was held and learns from what the call took. Never throws. */
  ended(entry: Entry, call: CallToAdmit, admission: Admission): void;
  close(): Promise<void>;
}
