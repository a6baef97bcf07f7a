/**
 * Splits server-sent events out of a byte stream: calls `onEvent` with each whole event, its blank
 * line included. Works on bytes, because an event is not decoded unless its content is wanted.
 * https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export class EventSplitter {
  #carry: Buffer | null = null;
  readonly #onEvent: (event: Buffer) => void;

  constructor(onEvent: (event: Buffer) => void) {
    this.#onEvent = onEvent;
  }

  push(chunk: Buffer): void {
    const bytes = this.#carry === null ? chunk : Buffer.concat([this.#carry, chunk]);
    this.#carry = null;
    let start = 0;
    for (;;) {
      const end = eventEnd(bytes, start);
      if (end < 0) break;
      this.#onEvent(bytes.subarray(start, end));
      start = end;
    }
    if (start < bytes.length) this.#carry = bytes.subarray(start);
  }

  /** Whether all that came so far were whole events. */
  get isBetweenEvents(): boolean {
    return this.#carry === null;
  }

  /** What came after the last blank line: an event that was cut off, or an unterminated last one. */
  rest(): Buffer | null {
    const rest = this.#carry;
    this.#carry = null;
    return rest;
  }
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** Offset behind the first blank line at or after `from`, or -1. Lines end with LF or CRLF. */
function eventEnd(bytes: Buffer, from: number): number {
  let at = from;
  for (;;) {
    at = bytes.indexOf(lineFeed, at);
    if (at < 0) return -1;
    if (bytes[at + 1] === lineFeed) return at + 2;
    if (bytes[at + 1] === carriageReturn && bytes[at + 2] === lineFeed) return at + 3;
    at++;
  }
}

/** Whether the bytes end with a blank line, so that an event that began in them also ends in them. */
export function endsWithBlankLine(bytes: Buffer): boolean {
  const last = bytes.length - 1;
  if (bytes[last] !== lineFeed) return false;
  return (
    bytes[last - 1] === lineFeed ||
    (bytes[last - 1] === carriageReturn && bytes[last - 2] === lineFeed)
  );
}

/** The parsed JSON of an event's `data`; undefined when it has none, or something else (`[DONE]`). */
export function eventData(event: Buffer): unknown {
  let data = '';
  for (const line of event.toString('utf8').split('\n')) {
    if (line.startsWith('data:')) data += data === '' ? line.slice(5) : `\n${line.slice(5)}`;
  }
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}
