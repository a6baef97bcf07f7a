import type { CallShape, Decision, Entry, Estimate, Tags } from '@farthing/core';

/**
 * A call before it leaves, as estimates and budgets see it. `model` is empty where neither path nor
 * body names one.
 */
export interface CallToAdmit extends CallShape {
  id: string;
  api: string;
  /** All tags; the user is a pseudonym already. */
  tags: Tags;
  /** A keyed name for the caller's key, never the key. Costs a hash: asked for only by budgets per key. */
  key(): string | undefined;
  /** False where the client forbids changes, or the request is none that can be edited. */
  mayAdapt: boolean;
  /** Whether the gateway can send the call to another model of the same provider. */
  maySwitchModel: boolean;
  /** The token with which a person confirmed this call. */
  acknowledgement: string | null;
  /**
   * Leaves at least `characters` of the oldest history out of the request as it came, whatever was
   * left out before. Null when that is not possible. The last result goes out, if `changes` say so.
   */
  truncate(characters: number): { textBytes: number } | null;
}

export interface Admission {
  /** For the journal: what the call is expected to take, as it goes out. */
  estimate: Estimate;
  /** What budgets said; null where none are configured. */
  decision: Decision | null;
  /** What must be changed before the call leaves; null when it goes out as it came. */
  changes: CallChanges | null;
  /** With a refusal that a person may overrule: the token to send back. */
  acknowledgeToken?: string;
}

export interface CallChanges {
  /** The model that is called instead. */
  model?: string;
  /** The most output tokens that the request may allow. */
  maxOutput?: number;
  /** What `truncate` returned last goes out. */
  truncated?: true;
}

/** What the gateway asks before a call leaves and tells when it has ended; the real ones are in ../budgets. */
export interface Admissions {
  /** At once where it can. Also without budgets: then only the estimate is made. */
  admit(call: CallToAdmit): Admission | Promise<Admission>;
  /** Settles what was held and learns from what the call took. Never throws. */
  ended(entry: Entry, call: CallToAdmit, admission: Admission): void;
  close(): Promise<void>;
}
