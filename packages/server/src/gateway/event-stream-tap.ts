import { FramedEvents, type BytePort, type StreamFold } from '@farthing/core';
import type { Tap, Tapped } from './tap.js';

const port: BytePort<Buffer> = {
  allocate: Buffer.allocUnsafeSlow,
  textOf: (bytes) => bytes.toString('utf8'),
  textOfBase64: (text) => Buffer.from(text, 'base64').toString('utf8'),
};

/** Reads usage from Bedrock's streams of binary frames. */
export class EventStreamTap implements Tap {
  readonly #events: FramedEvents<Buffer>;

  constructor(fold: StreamFold) {
    this.#events = new FramedEvents(fold, port);
  }

  push(chunk: Buffer): Buffer {
    this.#events.push(chunk);
    return chunk;
  }

  flush(): null {
    return null;
  }

  finish(): Tapped {
    return this.#events.finish();
  }
}
