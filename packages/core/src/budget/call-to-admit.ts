import type { CallShape } from '../estimate/estimator.js';
import type { Tags } from '../tags.js';

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
