import type { StreamFold } from '../usage/stream/stream-fold.js';
import { generatedBytes } from './answer-text.js';
import { CarriedBytes } from './carried-bytes.js';
import type { ReadAnswer } from './read-json-answer.js';

/** Bedrock's largest message is 24 MB of payload and 128 KB of headers. */
const largestMessage = 25 * 1024 * 1024;
/** Two lengths and their checksum before, the checksum of the message behind. */
const preludeBytes = 12;
const checksumBytes = 4;
const stringHeader = 7;

/** What a runtime has for bytes. */
export interface BytePort<Bytes extends Uint8Array> {
  /** Bytes of the kind that chunks are of; they need not be zero. */
  allocate(size: number): Bytes;
  /** Text of UTF-8. */
  textOf(bytes: Bytes): string;
  /** Text of UTF-8 in base64. Throws, or gives something that is no JSON, for what is none. */
  textOfBase64(text: string): string;
}

/**
 * Reads usage from Bedrock's streams, which frame their events in binary: lengths, headers, a JSON
 * payload. InvokeModel wraps the vendor's own event in base64. Checksums are the client's concern.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/RESTSelectObjectAppendix.html (the same framing)
 */
export class FramedEvents<Bytes extends Uint8Array> {
  readonly #fold: StreamFold;
  readonly #port: BytePort<Bytes>;
  readonly #carried: CarriedBytes<Bytes>;
  #isBroken = false;
  #textBytes = 0;
  #errorType: string | null = null;

  constructor(fold: StreamFold, port: BytePort<Bytes>) {
    this.#fold = fold;
    this.#port = port;
    this.#carried = new CarriedBytes((size) => port.allocate(size));
  }

  push(chunk: Bytes): void {
    if (this.#isBroken) return;
    const bytes = this.#carried.join(chunk);
    const read = this.#read(bytes);
    if (this.#isBroken) this.#carried.take();
    else this.#carried.keepFrom(bytes, read);
  }

  finish(): ReadAnswer {
    return {
      reading: this.#fold.finish(),
      errorType: this.#errorType,
      seenTokens: Math.ceil(this.#textBytes / 4),
    };
  }

  /** Takes every whole message and returns where what is left begins. */
  #read(bytes: Bytes): number {
    let at = 0;
    while (bytes.length - at >= preludeBytes) {
      const length = numberAt(bytes, at);
      const headersEnd = preludeBytes + numberAt(bytes, at + 4);
      if (length > largestMessage || headersEnd + checksumBytes > length) {
        this.#isBroken = true;
        break;
      }
      if (bytes.length - at < length) break;
      this.#take(
        bytes.subarray(at + preludeBytes, at + headersEnd) as Bytes,
        bytes.subarray(at + headersEnd, at + length - checksumBytes) as Bytes,
      );
      at += length;
    }
    return at;
  }

  #take(headers: Bytes, payload: Bytes): void {
    this.#errorType ??=
      this.#header(headers, ':exception-type') ?? this.#header(headers, ':error-code');
    const event = this.#unwrapped(parsed(() => this.#port.textOf(payload)));
    if (event === undefined) return;
    this.#textBytes += generatedBytes(event);
    this.#fold.add(event);
  }

  #unwrapped(event: unknown): unknown {
    if (typeof event !== 'object' || event === null || !('bytes' in event)) return event;
    const { bytes } = event;
    return typeof bytes === 'string' ? parsed(() => this.#port.textOfBase64(bytes)) : event;
  }

  /** A header of text by name. All headers of these streams are text; another kind ends the search. */
  #header(headers: Bytes, name: string): string | null {
    let at = 0;
    while (at < headers.length) {
      const nameEnd = at + 1 + headers[at]!;
      if (headers[nameEnd] !== stringHeader || nameEnd + 3 > headers.length) return null;
      const valueEnd = nameEnd + 3 + (headers[nameEnd + 1]! << 8) + headers[nameEnd + 2]!;
      if (this.#port.textOf(headers.subarray(at + 1, nameEnd) as Bytes) === name) {
        const value = this.#port.textOf(headers.subarray(nameEnd + 3, valueEnd) as Bytes);
        return /^[\w.:-]{1,80}$/.test(value) ? value : 'error';
      }
      at = valueEnd;
    }
    return null;
  }
}

/** A number of four bytes, the highest first. */
function numberAt(bytes: Uint8Array, at: number): number {
  const low = (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
  return bytes[at]! * 0x1000000 + low;
}

function parsed(text: () => string): unknown {
  try {
    return JSON.parse(text()) as unknown;
  } catch {
    return undefined;
  }
}
