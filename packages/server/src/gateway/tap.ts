import type { CallContext, UsageReading } from '@farthing/core';

/** Whose answer a tap reads, and what is known beside it. */
export interface TappedCall {
  /** The provider whose rules hold. */
  provider: string;
  api: string;
  context?: CallContext;
}

/** What a tap learned of an answer, when the answer is over. */
export interface Tapped {
  reading: UsageReading;
  /** The provider's error type or code, when the answer is or ends with an error. */
  errorType: string | null;
  /** Tokens of output seen go by, roughly; only for answers that were cut off. */
  seenTokens: number;
}

/**
 * Listens to an answer on its way to the caller. `push` returns what is to be forwarded: the same
 * buffer, untouched, except for the chunk that the gateway itself asked for.
 */
export interface Tap {
  push(chunk: Buffer): Buffer | null;
  /** Bytes still held back at the end of the answer. */
  flush(): Buffer | null;
  finish(): Tapped | Promise<Tapped>;
}
