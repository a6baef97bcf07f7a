import { createStreamFold, readUsage, type AnsweredCall, type ReadAnswer } from '@farthing/core';
import type { Unread } from '../call/learned.js';
import { AwsEventReader } from './aws-event-reader.js';
import { EventReader, WithholdingReader } from './event-reader.js';
import { JsonReader } from './json-reader.js';

/**
 * Reads an answer on its way to the caller. `push` returns what is to be forwarded: the same bytes,
 * except for the chunk of usage that was asked for on the caller's behalf.
 */
export interface AnswerReader extends Unread {
  push(bytes: Uint8Array): Uint8Array | null;
  /** The answer is over (or broke off): bytes still held back. */
  flush(): Uint8Array | null;
}

/** The reader of an answer, by its content type. */
export function readerFor(
  call: AnsweredCall,
  status: number,
  contentType: string,
  withholdUsage: boolean,
): AnswerReader {
  if (contentType.startsWith('application/json')) return new JsonReader(call);
  if (contentType.startsWith('text/event-stream') && status < 400) {
    const fold = createStreamFold(call);
    return withholdUsage ? new WithholdingReader(fold) : new EventReader(fold);
  }
  if (contentType.startsWith('application/vnd.amazon.eventstream')) {
    return new AwsEventReader(createStreamFold(call));
  }
  if (/^(?:audio|image)\//.test(contentType)) return new SilentReader(call);
  return new JsonReader(call);
}

/** For answers that are sound or images alone: nothing is kept, what the request said is all there is. */
class SilentReader implements AnswerReader {
  readonly #call: AnsweredCall;

  constructor(call: AnsweredCall) {
    this.#call = call;
  }

  push(bytes: Uint8Array): Uint8Array {
    return bytes;
  }

  flush(): null {
    return null;
  }

  finish(): ReadAnswer {
    const reading = readUsage({ ...this.#call, payload: {} });
    return { reading, errorType: null, seenTokens: 0 };
  }
}
