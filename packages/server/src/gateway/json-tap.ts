import { largestAnswer, readJsonAnswer, tooLargeAnswer } from '@farthing/core';
import { JsonBytes } from './scan-json.js';
import type { Tap, Tapped, TappedCall } from './tap.js';

/** Keeps a whole answer until it is over, then reads usage from its few members that matter. */
export class JsonTap implements Tap {
  readonly #call: TappedCall;
  #chunks: Buffer[] = [];
  #size = 0;

  constructor(call: TappedCall) {
    this.#call = call;
  }

  push(chunk: Buffer): Buffer {
    this.#size += chunk.length;
    if (this.#size <= largestAnswer) this.#chunks.push(chunk);
    else this.#chunks = [];
    return chunk;
  }

  flush(): null {
    return null;
  }

  finish(): Tapped {
    if (this.#size > largestAnswer) return tooLargeAnswer();
    const [only] = this.#chunks;
    const bytes = this.#chunks.length === 1 ? only! : Buffer.concat(this.#chunks);
    this.#chunks = [];
    return readJsonAnswer(new JsonBytes(bytes), this.#call);
  }
}
