import type {
  CallEstimate,
  CallShape,
  CallToAdmit,
  Decision,
  Entry,
  Refusal,
} from '@farthing/core';

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
