import { errorTypeOf, generatedBytes, type StreamFold } from '@farthing/core';
import type { Tapped } from '../call/metered-call.js';
import type { AnswerReader } from './answer-reader.js';
import { concat, textOf } from './bytes.js';

const errorMarker = '"error"';
/** Events that are parsed for how much text they hold, should the stream break off: some, not all. */
const sampledFirst = 4;
const sampledEvery = 32;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
/** Bytes of the longest blank line but the last: so much of its beginning may have been seen before. */
const blankLine = 2;
const noRoom = new Uint8Array(0);

/** Reads usage from a stream of server-sent events, parsing only the few events that carry it. */
export class EventReader implements AnswerReader {
  readonly #fold: StreamFold;
  readonly #markers: readonly string[];
  readonly #onEvent: ((event: Uint8Array, text: string) => void) | undefined;
  #carry: Uint8Array | null = null;
  #room: Uint8Array = noRoom;
  #events = 0;
  #bytes = 0;
  #sampledBytes = 0;
  #sampledText = 0;
  #errorType: string | null = null;

  /** `onEvent` gets every event's bytes and text after it was read. */
  constructor(fold: StreamFold, onEvent?: (event: Uint8Array, text: string) => void) {
    this.#fold = fold;
    this.#markers = [...fold.markers, errorMarker];
    this.#onEvent = onEvent;
  }

  push(chunk: Uint8Array): Uint8Array {
    const { bytes, scanned } = this.#carried(chunk);
    let start = 0;
    for (let end = eventEnd(bytes, scanned); end >= 0; end = eventEnd(bytes, end)) {
      this.#take(bytes.subarray(start, end));
      start = end;
    }
    this.#carry = start < bytes.length ? bytes.subarray(start) : null;
    return chunk;
  }

  /**
   * The event that has begun, with the chunk behind it, and up to where no end of it was found. An event
   * of many chunks (an image) is copied into room that doubles: each byte is moved and looked at a few
   * times, not once with every chunk.
   */
  #carried(chunk: Uint8Array): { bytes: Uint8Array; scanned: number } {
    const carry = this.#carry;
    if (carry === null) return { bytes: chunk, scanned: 0 };
    const size = carry.length + chunk.length;
    // The carried bytes lie at the beginning of the room, unless an event ended in them.
    const isRoomy = carry.buffer === this.#room.buffer && carry.byteOffset === 0;
    if (!isRoomy || this.#room.length < size) {
      const room = new Uint8Array(size * 2);
      room.set(carry);
      this.#room = room;
    }
    this.#room.set(chunk, carry.length);
    return { bytes: this.#room.subarray(0, size), scanned: Math.max(0, carry.length - blankLine) };
  }

  /** Servers that leave out the last blank line: the event counts if it parses. */
  flush(): null {
    const rest = this.#carry;
    this.#carry = null;
    this.#room = noRoom;
    if (rest !== null) this.#take(rest);
    return null;
  }

  finish(): Tapped {
    return {
      reading: this.#fold.finish(),
      errorType: this.#errorType,
      seenTokens: this.#seenTokens(),
    };
  }

  #take(event: Uint8Array): void {
    const text = textOf(event);
    this.#read(text, event.length);
    this.#onEvent?.(event, text);
  }

  #read(text: string, length: number): void {
    this.#events++;
    this.#bytes += length;
    // The first event names the model and the answer's id; of the others only those with usage matter.
    const sampled = this.#events <= sampledFirst || this.#events % sampledEvery === 0;
    const read = this.#events === 1 || this.#markers.some((marker) => text.includes(marker));
    if (!sampled && !read) return;
    const data = eventData(text);
    if (data === undefined) return;
    if (sampled) {
      this.#sampledBytes += length;
      this.#sampledText += generatedBytes(data);
    }
    if (!read) return;
    this.#errorType ??= errorTypeOf(data);
    this.#fold.add(data);
  }

  /** The share of text in the sampled events, at four bytes of UTF-8 a token. */
  #seenTokens(): number {
    if (this.#sampledText === 0) return 0;
    return Math.ceil(((this.#sampledText / this.#sampledBytes) * this.#bytes) / 4);
  }
}

const nullUsage = ',"usage":null';
const encoder = new TextEncoder();

/**
 * For streams that were asked for their usage on the caller's behalf: withholds the chunk of usage and
 * the `usage: null` of every other chunk, so that the caller sees the bytes of a bare call.
 */
export class WithholdingReader implements AnswerReader {
  readonly #reader: EventReader;
  #out: Uint8Array[] = [];

  constructor(fold: StreamFold) {
    this.#reader = new EventReader(fold, (event, text) => this.#forward(event, text));
  }

  push(chunk: Uint8Array): Uint8Array | null {
    this.#reader.push(chunk);
    return this.#take();
  }

  flush(): Uint8Array | null {
    this.#reader.flush();
    return this.#take();
  }

  finish(): Tapped {
    return this.#reader.finish();
  }

  #take(): Uint8Array | null {
    if (this.#out.length === 0) return null;
    const bytes = concat(this.#out);
    this.#out = [];
    return bytes;
  }

  #forward(event: Uint8Array, text: string): void {
    const at = text.indexOf(nullUsage);
    if (at >= 0) {
      this.#out.push(encoder.encode(text.slice(0, at) + text.slice(at + nullUsage.length)));
    } else if (!text.includes('"usage"') || !isUsageChunk(eventData(text))) {
      this.#out.push(event);
    }
  }
}

/** Offset behind the first blank line at or after `from`, or -1. Lines end with LF or CRLF. */
function eventEnd(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(lineFeed, from); at >= 0; at = bytes.indexOf(lineFeed, at + 1)) {
    if (bytes[at + 1] === lineFeed) return at + 2;
    if (bytes[at + 1] === carriageReturn && bytes[at + 2] === lineFeed) return at + 3;
  }
  return -1;
}

/** The parsed JSON of an event's `data`; undefined when it has none, or something else (`[DONE]`). */
function eventData(event: string): unknown {
  let data = '';
  for (const line of event.split('\n')) {
    if (line.startsWith('data:')) data += data === '' ? line.slice(5) : `\n${line.slice(5)}`;
  }
  try {
    return JSON.parse(data) as unknown;
  } catch {
    return undefined;
  }
}

function isUsageChunk(data: unknown): boolean {
  if (typeof data !== 'object' || data === null || !('choices' in data) || !('usage' in data)) {
    return false;
  }
  return Array.isArray(data.choices) && data.choices.length === 0 && data.usage !== null;
}
