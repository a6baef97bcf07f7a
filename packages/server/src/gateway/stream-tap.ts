import {
  errorTypeOf,
  eventData,
  EventSplitter,
  generatedBytes,
  isUsageChunk,
  type StreamFold,
} from '@farthing/core';
import { endsWithBlankLine } from './sse-events.js';
import type { Tap, Tapped } from './tap.js';

const errorMarker = '"error"';
/**
 * Events that are parsed for how much text they hold, should the stream break off: the first ones,
 * then one in a while. Chunks of several events that carry nothing of interest are looked into as rarely.
 */
const sampledFirst = 4;
const sampledEvery = 32;
const nullUsage = Buffer.from(',"usage":null');

/** Reads usage from a stream of server-sent events, parsing only the few events that carry it. */
export class StreamTap implements Tap {
  readonly #fold: StreamFold;
  readonly #splitter: EventSplitter<Buffer>;
  readonly #markers: readonly Buffer[];
  readonly #onEvent: ((event: Buffer) => void) | undefined;
  #events = 0;
  #chunks = 0;
  #bytes = 0;
  #sampledBytes = 0;
  #sampledText = 0;
  #errorType: string | null = null;

  /** `onEvent` gets every event's bytes after it was read; the last may lack its blank line. */
  constructor(fold: StreamFold, onEvent?: (event: Buffer) => void) {
    this.#fold = fold;
    this.#markers = [...fold.markers, errorMarker].map((marker) => Buffer.from(marker));
    this.#onEvent = onEvent;
    this.#splitter = new EventSplitter<Buffer>(Buffer.allocUnsafeSlow, (event) =>
      this.#take(event),
    );
  }

  push(chunk: Buffer): Buffer {
    if (this.#mayPass(chunk)) this.#bytes += chunk.length;
    else this.#splitter.push(chunk);
    return chunk;
  }

  flush(): null {
    const rest = this.#splitter.rest();
    // Servers that leave out the last blank line: the event counts if it parses.
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

  #take(event: Buffer): void {
    this.#read(event);
    this.#onEvent?.(event);
  }

  #read(event: Buffer): void {
    this.#events++;
    this.#bytes += event.length;
    // The first event names the model and the answer's id; of the others only those with usage matter.
    const sampled = this.#events <= sampledFirst || this.#events % sampledEvery === 0;
    const read = this.#events === 1 || this.#isMarked(event);
    if (!sampled && !read) return;
    const data = eventData(event.toString('utf8'));
    if (data === undefined) return;
    if (sampled) {
      this.#sampledBytes += event.length;
      this.#sampledText += generatedBytes(data);
    }
    if (!read) return;
    this.#errorType ??= errorTypeOf(data);
    this.#fold.add(data);
  }

  /** Whole events without anything to read: searched as one, which costs a fraction of event by event. */
  #mayPass(chunk: Buffer): boolean {
    return (
      this.#onEvent === undefined &&
      this.#events >= sampledFirst &&
      ++this.#chunks % sampledEvery !== 0 &&
      this.#splitter.isBetweenEvents &&
      endsWithBlankLine(chunk) &&
      !this.#isMarked(chunk)
    );
  }

  #isMarked(bytes: Buffer): boolean {
    for (const marker of this.#markers) if (bytes.indexOf(marker) >= 0) return true;
    return false;
  }

  /**
   * An estimate for streams that were cut: the share of text in the sampled events, at four bytes of
   * UTF-8 a token.
   */
  #seenTokens(): number {
    if (this.#sampledText === 0) return 0;
    return Math.ceil(((this.#sampledText / this.#sampledBytes) * this.#bytes) / 4);
  }
}

/**
 * For streams whose usage the gateway asked for and the caller did not: withholds the usage chunk and
 * the `usage: null` that comes with every other chunk, so that the caller sees the bytes of a direct call.
 */
export class WithholdingTap implements Tap {
  readonly #tap: StreamTap;
  #out: Buffer[] = [];

  constructor(fold: StreamFold) {
    this.#tap = new StreamTap(fold, (event) => this.#forward(event));
  }

  push(chunk: Buffer): Buffer | null {
    this.#tap.push(chunk);
    return this.#take();
  }

  flush(): Buffer | null {
    this.#tap.flush();
    return this.#take();
  }

  finish(): Tapped {
    return this.#tap.finish();
  }

  #take(): Buffer | null {
    const [first] = this.#out;
    if (first === undefined) return null;
    const bytes = this.#out.length === 1 ? first : Buffer.concat(this.#out);
    this.#out = [];
    return bytes;
  }

  #forward(event: Buffer): void {
    const at = event.indexOf(nullUsage);
    if (at >= 0) {
      this.#out.push(event.subarray(0, at), event.subarray(at + nullUsage.length));
      return;
    }
    if (event.includes('"usage"') && isUsageChunk(eventData(event.toString('utf8')))) return;
    this.#out.push(event);
  }
}
