import type { ReadAnswer } from '@farthing/core';

/** What was learned of an answer: as it is, or by somebody who has yet to read what was kept of it. */
export type Learned = ReadAnswer | Unread;

export interface Unread {
  finish(): ReadAnswer;
  /** How much is kept of the answer (bytes or characters); nothing where left out. */
  readonly size?: number;
}

/** Reads what is yet unread. An answer that cannot be read must not break anything. */
export function finished(learned: Learned): ReadAnswer {
  if (!('finish' in learned)) return learned;
  try {
    return learned.finish();
  } catch (error) {
    const reason = `the answer cannot be read: ${(error as Error).message}`.slice(0, 1_000);
    return {
      reading: { status: 'invalid_usage', reason, raw: null },
      errorType: null,
      seenTokens: 0,
    };
  }
}
