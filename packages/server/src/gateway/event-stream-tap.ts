import { generatedBytes, type StreamFold } from '@farthing/core';
import type { Tap, Tapped } from './tap.js';

/** Bedrock's largest message is 24 MB of payload and 128 KB of headers. */
const largestMessage = 25 * 1024 * 1024;
/** Two lengths and their checksum before, the checksum of the message behind. */
const preludeBytes = 12;
const checksumBytes = 4;
const stringHeader = 7;

/**
 * Reads usage from Bedrock's streams, which frame their events in binary: lengths, headers, a JSON
 * payload. InvokeModel wraps the vendor's own event in base64. Checksums are the client's concern.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/RESTSelectObjectAppendix.html (the same framing)
 */
export class EventStreamTap implements Tap {
  readonly #fold: StreamFold;
  #carry: Buffer | null = null;
  #broken = false;
  #textBytes = 0;
  #errorType: string | null = null;

  constructor(fold: StreamFold) {
    this.#fold = fold;
  }

  push(chunk: Buffer): Buffer {
    if (!this.#broken) {
      this.#carry = this.#read(this.#carry === null ? chunk : Buffer.concat([this.#carry, chunk]));
    }
    return chunk;
  }

  flush(): null {
    return null;
  }

  finish(): Tapped {
    return {
      reading: this.#fold.finish(),
      errorType: this.#errorType,
      seenTokens: Math.ceil(this.#textBytes / 4),
    };
  }

  /** Takes every whole message and returns what is left. */
  #read(bytes: Buffer): Buffer | null {
    let at = 0;
    while (bytes.length - at >= preludeBytes) {
      const length = bytes.readUInt32BE(at);
      const headersEnd = preludeBytes + bytes.readUInt32BE(at + 4);
      if (length > largestMessage || headersEnd + checksumBytes > length) {
        this.#broken = true;
        return null;
      }
      if (bytes.length - at < length) break;
      this.#take(
        bytes.subarray(at + preludeBytes, at + headersEnd),
        bytes.subarray(at + headersEnd, at + length - checksumBytes),
      );
      at += length;
    }
    return at === bytes.length ? null : bytes.subarray(at);
  }

  #take(headers: Buffer, payload: Buffer): void {
    this.#errorType ??=
      readHeader(headers, ':exception-type') ?? readHeader(headers, ':error-code');
    const event = unwrap(parse(payload));
    if (event === undefined) return;
    this.#textBytes += generatedBytes(event);
    this.#fold.add(event);
  }
}

function unwrap(event: unknown): unknown {
  const isWrapped = typeof event === 'object' && event !== null && 'bytes' in event;
  if (!isWrapped || typeof event.bytes !== 'string') return event;
  return parse(Buffer.from(event.bytes, 'base64'));
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** A header of text by name. All headers of these streams are text; another kind ends the search. */
function readHeader(headers: Buffer, name: string): string | null {
  let at = 0;
  while (at < headers.length) {
    const nameEnd = at + 1 + headers[at]!;
    if (headers[nameEnd] !== stringHeader || nameEnd + 3 > headers.length) return null;
    const valueEnd = nameEnd + 3 + headers.readUInt16BE(nameEnd + 1);
    if (headers.toString('latin1', at + 1, nameEnd) === name) {
      const value = headers.toString('latin1', nameEnd + 3, valueEnd);
      return /^[\w.:-]{1,80}$/.test(value) ? value : 'error';
    }
    at = valueEnd;
  }
  return null;
}
