import { createStreamFold, readUsage, type CallContext, type UsageReading } from '@farthing/core';
import type { Tapped } from '../call/metered-call.js';
import { AwsEventReader } from './aws-event-reader.js';
import { EventReader, WithholdingReader } from './event-reader.js';
import { JsonReader } from './json-reader.js';

/** Whose answer is read, and what is known beside it. */
export interface TappedCall {
  provider: string;
  api: string;
  context?: CallContext;
}

/**
 * Reads an answer on its way to the caller. `push` returns what is to be forwarded: the same bytes,
 * except for the chunk of usage that was asked for on the caller's behalf.
 */
export interface AnswerReader {
  push(bytes: Uint8Array): Uint8Array | null;
  /** The answer is over (or broke off): bytes still held back. */
  flush(): Uint8Array | null;
  finish(): Tapped;
}

/** The reader of an answer, by its content type. */
export function readerFor(
  call: TappedCall,
  status: number,
  contentType: string,
  withholdUsage: boolean,
): AnswerReader {
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
  readonly #call: TappedCall;

  constructor(call: TappedCall) {
    this.#call = call;
  }

  push(bytes: Uint8Array): Uint8Array {
    return bytes;
  }

  flush(): null {
    return null;
  }

  finish(): Tapped {
    return tapped(readUsage({ ...this.#call, payload: {} }));
  }
}

function tapped(reading: UsageReading): Tapped {
  return { reading, errorType: null, seenTokens: 0 };
}

/** What the reader learned. An answer that cannot be read must not break the caller's. */
export function finished(reader: Pick<AnswerReader, 'finish'>): Tapped {
  try {
    return reader.finish();
  } catch (error) {
    const reason = `the answer cannot be read: ${(error as Error).message}`.slice(0, 1_000);
    return tapped({ status: 'invalid_usage', reason, raw: null });
  }
}
