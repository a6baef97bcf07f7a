import { CarriedBytes } from './carried-bytes.js';

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
/** Bytes of the longest blank line but the last: so much of its beginning may have been seen before. */
const blankLine = 2;

/**
 * Splits server-sent events out of a byte stream: calls `onEvent` with each whole event, its blank
 * line included. Works on bytes, because an event is not decoded unless its content is wanted.
 * https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export class EventSplitter<Bytes extends Uint8Array> {
  readonly #carried: CarriedBytes<Bytes>;
  readonly #onEvent: (event: Bytes) => void;

  constructor(allocate: (size: number) => Bytes, onEvent: (event: Bytes) => void) {
    this.#carried = new CarriedBytes(allocate);
    this.#onEvent = onEvent;
  }

  push(chunk: Bytes): void {
    const seen = Math.max(0, this.#carried.length - blankLine);
    const bytes = this.#carried.join(chunk);
    let start = 0;
    for (let end = eventEnd(bytes, seen); end >= 0; end = eventEnd(bytes, end)) {
      this.#onEvent(bytes.subarray(start, end) as Bytes);
      start = end;
    }
    this.#carried.keepFrom(bytes, start);
  }

  /** Whether all that came so far were whole events. */
  get isBetweenEvents(): boolean {
    return this.#carried.length === 0;
  }

  /** What came after the last blank line: an event that was cut off, or an unterminated last one. */
  rest(): Bytes | null {
    return this.#carried.take();
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
export function eventData(event: string): unknown {
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

/** Whether an event is the chunk that OpenAI's chats end with when they are asked for usage. */
export function isUsageChunk(data: unknown): boolean {
  if (typeof data !== 'object' || data === null || !('choices' in data) || !('usage' in data))
    return false;
  return Array.isArray(data.choices) && data.choices.length === 0 && data.usage !== null;
}
