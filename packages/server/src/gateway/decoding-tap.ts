import type { Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { Tap, Tapped } from './tap.js';

/** Lets another tap read an answer that travels compressed. The caller gets the compressed bytes unchanged. */
export class DecodingTap implements Tap {
  readonly #inner: Tap;
  readonly #decoder: Transform;
  readonly #done: Promise<void>;

  constructor(inner: Tap, decoder: Transform) {
    this.#inner = inner;
    this.#decoder = decoder;
    decoder.on('data', (chunk: Buffer) => inner.push(chunk));
    this.#done = new Promise((resolve) => {
      decoder.once('end', resolve);
      // A stream that was cut off ends in an error here; what came until then has been read.
      decoder.once('error', () => resolve());
    });
  }

  push(chunk: Buffer): Buffer {
    this.#decoder.write(chunk);
    return chunk;
  }

  flush(): null {
    this.#decoder.end();
    return null;
  }

  async finish(): Promise<Tapped> {
    await this.#done;
    this.#inner.flush();
    return this.#inner.finish();
  }
}

/** A decoder for a `content-encoding`; null when it is identity, undefined when it is not known. */
export function decoderFor(encoding: string | null): Transform | null | undefined {
  switch (encoding?.trim().toLowerCase() ?? 'identity') {
    case 'identity':
    case '':
      return null;
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'deflate':
      return createInflate();
    case 'br':
      return createBrotliDecompress();
    default:
      return undefined;
  }
}
