import { FramedEvents, type BytePort, type ReadAnswer, type StreamFold } from '@farthing/core';
import type { AnswerReader } from './answer-reader.js';
import { textOf } from './bytes.js';

const port: BytePort<Uint8Array> = {
  allocate: (size) => new Uint8Array(size),
  textOf,
  textOfBase64: (text) =>
    textOf(Uint8Array.from(atob(text), (character) => character.charCodeAt(0))),
};

/** Reads usage from Bedrock's streams of binary frames. */
export class AwsEventReader implements AnswerReader {
  readonly #events: FramedEvents<Uint8Array>;

  constructor(fold: StreamFold) {
    this.#events = new FramedEvents(fold, port);
  }

  push(chunk: Uint8Array): Uint8Array {
    this.#events.push(chunk);
    return chunk;
  }

  flush(): null {
    return null;
  }

  finish(): ReadAnswer {
    return this.#events.finish();
  }
}
