import { readUsage } from '@farthing/core';
import type { Tap, Tapped, TappedCall } from './tap.js';

/** For answers that are sound or images alone: nothing is kept, what the request said is all there is. */
export class SilentTap implements Tap {
  readonly #call: TappedCall;

  constructor(call: TappedCall) {
    this.#call = call;
  }

  push(chunk: Buffer): Buffer {
    return chunk;
  }

  flush(): null {
    return null;
  }

  finish(): Tapped {
    const reading = readUsage({ ...this.#call, payload: {} });
    return { reading, errorType: null, seenTokens: 0 };
  }
}
