import { errorTypeOf, readUsage } from '@farthing/core';
import type { Tapped } from '../call/metered-call.js';
import type { AnswerReader, TappedCall } from './answer-reader.js';
import { concat, textOf } from './bytes.js';

/** Answers larger than this are forwarded but not kept for reading; none with usage comes near it. */
const largestAnswer = 64 * 1024 * 1024;

/** Reads a whole JSON answer: from its bytes, or from what the caller's own parsing made of it. */
export class JsonReader implements AnswerReader {
  readonly #call: TappedCall;
  #chunks: Uint8Array[] = [];
  #size = 0;
  #text: string | null = null;
  #payload: unknown;
  #isParsed = false;

  constructor(call: TappedCall) {
    this.#call = call;
  }

  push(bytes: Uint8Array): Uint8Array {
    this.#size += bytes.length;
    if (this.#size <= largestAnswer) this.#chunks.push(bytes);
    else this.#chunks = [];
    return bytes;
  }

  /** The answer as text that somebody else decoded. */
  takeText(text: string): void {
    this.#text = text;
  }

  /** The answer as a value that somebody else parsed. It is read at once and not kept. */
  takePayload(payload: unknown): void {
    this.#payload = payload;
    this.#isParsed = true;
  }

  flush(): null {
    return null;
  }

  finish(): Tapped {
    if (this.#size > largestAnswer) {
      const reason = `the answer is larger than ${largestAnswer} bytes`;
      return { reading: { status: 'no_usage', reason }, errorType: null, seenTokens: 0 };
    }
    const payload = this.#isParsed
      ? this.#payload
      : parse(this.#text ?? textOf(concat(this.#chunks)));
    this.#chunks = [];
    this.#text = null;
    this.#payload = undefined;
    if (payload === undefined) {
      const reason = 'the answer is not JSON';
      return { reading: { status: 'no_usage', reason }, errorType: null, seenTokens: 0 };
    }
    // Gemini streams without `alt=sse` are one JSON array of the same chunks.
    const answer = Array.isArray(payload) ? { events: payload } : payload;
    return {
      reading: readUsage({ ...this.#call, payload: answer }),
      errorType: errorTypeOf(payload),
      seenTokens: 0,
    };
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
