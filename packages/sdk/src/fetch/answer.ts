import type { MeteredCall } from '../call/metered-call.js';
import type { AnswerReader } from './answer-reader.js';

/** One answer being read: by whoever takes it first, should it be cloned. */
export class Answer {
  readonly reader: AnswerReader;
  /** Where it stands among those of a moment ago. */
  place: number | null = null;
  readonly #call: MeteredCall;
  readonly #signal: AbortSignal | null;
  #isTaken = false;
  #holders = 0;

  constructor(call: MeteredCall, reader: AnswerReader, signal: AbortSignal | null) {
    this.#call = call;
    this.reader = reader;
    this.#signal = signal;
  }

  /** True for the first to read the answer; who comes later passes unread. */
  take(): boolean {
    const isFirst = !this.#isTaken;
    this.#isTaken = true;
    return isFirst;
  }

  hold(): void {
    this.#holders++;
  }

  /** A response was collected as garbage. With the last one nobody can read the answer any more. */
  letGo(): void {
    if (--this.#holders === 0) this.aborted();
  }

  ended(): void {
    if (this.#call.isEnded) return;
    this.reader.flush();
    this.#call.ended(this.reader);
  }

  aborted(): void {
    if (this.#call.isEnded) return;
    this.reader.flush();
    this.#call.aborted(this.reader);
  }

  /** The answer broke off: because the caller left, or by itself. */
  broke(error: unknown): void {
    if (this.#call.isEnded) return;
    if (this.#signal?.aborted === true || isAbort(error)) return this.aborted();
    this.reader.flush();
    this.#call.failed(error, this.reader);
  }
}

/** Whether a request ended because its caller wanted it to. */
export function isAbort(error: unknown): boolean {
  return (
    typeof error === 'object' && error !== null && 'name' in error && error.name === 'AbortError'
  );
}
