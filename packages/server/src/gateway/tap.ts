import type { AnsweredCall, ReadAnswer } from '@farthing/core';

/** Whose answer a tap reads, and what is known beside it. */
export type TappedCall = AnsweredCall;

/** What a tap learned of an answer, when the answer is over. */
export type Tapped = ReadAnswer;

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
