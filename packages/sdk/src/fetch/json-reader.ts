import {
  JsonText,
  keptOfAnswer,
  largestAnswer,
  readJsonAnswer,
  readParsedAnswer,
  tooLargeAnswer,
  type AnsweredCall,
  type ReadAnswer,
} from '@farthing/core';
import type { AnswerReader } from './answer-reader.js';
import { concat, textOf } from './bytes.js';

/** Reads a whole JSON answer: from its bytes, or from what the caller's own reading made of them. */
export class JsonReader implements AnswerReader {
  readonly #call: AnsweredCall;
  #chunks: Uint8Array[] | null = null;
  #text: string | null = null;
  #kept: unknown;
  size = 0;

  constructor(call: AnsweredCall) {
    this.#call = call;
  }

  push(bytes: Uint8Array): Uint8Array {
    this.size += bytes.length;
    if (this.size <= largestAnswer) (this.#chunks ??= []).push(bytes);
    else this.#chunks = null;
    return bytes;
  }

  /** The answer as text that somebody else decoded. */
  takeText(text: string): void {
    this.size = text.length;
    if (this.size <= largestAnswer) this.#text = text;
  }

  /** The answer as a value that somebody else parsed. */
  takePayload(payload: unknown): void {
    this.#kept = keptOfAnswer(payload, this.#call.api);
  }

  /** What was kept is decoded: the bytes are the caller's, who may do with them what he wants. */
  flush(): null {
    if (this.#chunks !== null) this.#text = textOf(concat(this.#chunks));
    this.#chunks = null;
    return null;
  }

  finish(): ReadAnswer {
    if (this.size > largestAnswer) return tooLargeAnswer();
    if (this.#kept !== undefined) return readParsedAnswer(this.#kept, this.#call);
    this.flush();
    const text = this.#text ?? '';
    this.#text = null;
    return readJsonAnswer(new JsonText(text), this.#call);
  }
}
