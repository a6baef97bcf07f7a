import {
  errorTypeOf,
  eventData,
  EventSplitter,
  generatedBytes,
  isUsageChunk,
  type ReadAnswer,
  type StreamFold,
} from '@farthing/core';
import type { AnswerReader } from './answer-reader.js';
import { concat, textOf } from './bytes.js';

const errorMarker = '"error"';
/** Events that are parsed for how much text they hold, should the stream break off: some, not all. */
const sampledFirst = 4;
const sampledEvery = 32;

/** Reads usage from a stream of server-sent events, parsing only the few events that carry it. */
export class EventReader implements AnswerReader {
  readonly #fold: StreamFold;
  readonly #markers: readonly string[];
  readonly #onEvent: ((event: Uint8Array, text: string) => void) | undefined;
  readonly #splitter: EventSplitter<Uint8Array>;
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
    this.#splitter = new EventSplitter<Uint8Array>(
      (size) => new Uint8Array(size),
      (event) => this.#take(event),
    );
  }

  push(chunk: Uint8Array): Uint8Array {
    this.#splitter.push(chunk);
    return chunk;
  }

  /** Servers that leave out the last blank line: the event counts if it parses. */
  flush(): null {
    const rest = this.#splitter.rest();
    if (rest !== null) this.#take(rest);
    return null;
  }

  finish(): ReadAnswer {
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

  finish(): ReadAnswer {
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
