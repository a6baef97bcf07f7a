import { generatedBytes, type ReadAnswer, type StreamFold } from '@farthing/core';
import type { AnswerReader } from './answer-reader.js';
import { concat, textOf } from './bytes.js';

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
export class AwsEventReader implements AnswerReader {
  readonly #fold: StreamFold;
  #carry: Uint8Array | null = null;
  #isBroken = false;
  #textBytes = 0;
  #errorType: string | null = null;

  constructor(fold: StreamFold) {
    this.#fold = fold;
  }

  push(chunk: Uint8Array): Uint8Array {
    if (!this.#isBroken) {
      this.#carry = this.#read(this.#carry === null ? chunk : concat([this.#carry, chunk]));
    }
    return chunk;
  }

  flush(): null {
    return null;
  }

  finish(): ReadAnswer {
    return {
      reading: this.#fold.finish(),
      errorType: this.#errorType,
      seenTokens: Math.ceil(this.#textBytes / 4),
    };
  }

  /** Takes every whole message and returns what is left. */
  #read(bytes: Uint8Array): Uint8Array | null {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let at = 0;
    while (bytes.length - at >= preludeBytes) {
      const length = view.getUint32(at);
      const headersEnd = preludeBytes + view.getUint32(at + 4);
      if (length > largestMessage || headersEnd + checksumBytes > length) {
        this.#isBroken = true;
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

  #take(headers: Uint8Array, payload: Uint8Array): void {
    this.#errorType ??=
      readHeader(headers, ':exception-type') ?? readHeader(headers, ':error-code');
    const event = unwrap(parse(textOf(payload)));
    if (event === undefined) return;
    this.#textBytes += generatedBytes(event);
    this.#fold.add(event);
  }
}

function unwrap(event: unknown): unknown {
  if (typeof event !== 'object' || event === null || !('bytes' in event)) return event;
  if (typeof event.bytes !== 'string') return event;
  try {
    const bytes = Uint8Array.from(atob(event.bytes), (character) => character.charCodeAt(0));
    return parse(textOf(bytes));
  } catch {
    return undefined;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** A header of text by name. All headers of these streams are text; another kind ends the search. */
function readHeader(headers: Uint8Array, name: string): string | null {
  let at = 0;
  while (at < headers.length) {
    const nameEnd = at + 1 + headers[at]!;
    if (headers[nameEnd] !== stringHeader || nameEnd + 3 > headers.length) return null;
    const valueEnd = nameEnd + 3 + (headers[nameEnd + 1]! << 8) + headers[nameEnd + 2]!;
    if (textOf(headers.subarray(at + 1, nameEnd)) === name) {
      const value = textOf(headers.subarray(nameEnd + 3, valueEnd));
      return /^[\w.:-]{1,80}$/.test(value) ? value : 'error';
    }
    at = valueEnd;
  }
  return null;
}
