import { readResourceObject, readScopeObject, readSpanObject } from './decode-json.js';
import { isSpace, JsonValueEnd } from './json-value-end.js';
import type { ReceivedResource, ReceivedSpan } from './received-span.js';
import type { TraceDecoder } from './trace-decoder.js';

type Kind =
  | 'request'
  | 'list of resources'
  | 'resource spans'
  | 'list of scopes'
  | 'scope spans'
  | 'list of spans';

/** An object or a list that is under way, and what may come next in it. */
interface Frame {
  kind: Kind;
  next: 'first' | 'member' | 'colon' | 'value' | 'comma';
  key: string;
  headSeen: boolean;
}

/** What stands in what, by its key; a list holds one kind of objects. */
const membersOf: Readonly<Record<Kind, Readonly<Record<string, Kind>>>> = {
  request: { resourceSpans: 'list of resources', resource_spans: 'list of resources' },
  'list of resources': { '': 'resource spans' },
  'resource spans': { scopeSpans: 'list of scopes', scope_spans: 'list of scopes' },
  'list of scopes': { '': 'scope spans' },
  'scope spans': { spans: 'list of spans' },
  'list of spans': {},
};

/** Spans that wait for a resource or scope that stands behind them. */
const mostHeld = 20_000;

/**
 * Reads an `ExportTraceServiceRequest` in OTLP's JSON as its bytes come, span by span: ids in hexadecimal,
 * 64-bit numbers as texts (or numbers), enumerations as numbers. Throws for what is no such object.
 * https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
 */
export class JsonTraceDecoder implements TraceDecoder {
  readonly #frames: Frame[] = [];
  #done = false;
  /** The value under way, where it is read whole: its pieces, and how its end is found. */
  #value: { pieces: Uint8Array[]; end: JsonValueEnd } | null = null;
  #resource: ReceivedResource = { attributes: new Map() };
  #scope = { name: '' };
  #held: ReceivedSpan[] = [];
  /** Spans went on without the resource or scope that had not come by then. */
  #gaveUp = false;
  #spans: ReceivedSpan[] = [];

  push(bytes: Uint8Array): ReceivedSpan[] {
    this.#spans = [];
    let at = 0;
    while (at < bytes.length) {
      if (this.#value !== null) at = this.#readValue(bytes, at);
      else if (isSpace(bytes[at]!)) at++;
      else at = this.#step(bytes, at);
    }
    return this.#spans;
  }

  end(): ReceivedSpan[] {
    if (!this.#done) throw new SyntaxError('the body ends too early');
    return [];
  }

  #step(bytes: Uint8Array, at: number): number {
    const byte = bytes[at]!;
    const frame = this.#frames.at(-1);
    if (frame === undefined) {
      if (this.#done) throw new SyntaxError('more follows after the object');
      if (byte !== 0x7b) throw new TypeError('the body is not a JSON object');
      return this.#enter('request', at);
    }
    const isList = frame.kind.startsWith('list');
    if (frame.next === 'comma' || frame.next === 'first') {
      if (byte === (isList ? 0x5d : 0x7d)) return this.#leave(at);
      if (frame.next === 'comma') {
        if (byte !== 0x2c) throw new SyntaxError('a comma is missing');
        frame.next = isList ? 'value' : 'member';
        return at + 1;
      }
      frame.next = isList ? 'value' : 'member';
    }
    if (frame.next === 'colon') {
      if (byte !== 0x3a) throw new SyntaxError('a colon is missing');
      frame.next = 'value';
      return at + 1;
    }
    if (frame.next === 'member' && byte !== 0x22) throw new SyntaxError('a key is missing');
    if (frame.next === 'value') {
      const members = membersOf[frame.kind];
      const inner = Object.hasOwn(members, frame.key) ? members[frame.key] : undefined;
      if (inner !== undefined && byte === (inner.startsWith('list') ? 0x5b : 0x7b)) {
        return this.#enter(inner, at);
      }
    }
    this.#value = { pieces: [], end: new JsonValueEnd() };
    return at;
  }

  #enter(kind: Kind, at: number): number {
    const outer = this.#frames.at(-1);
    if (outer !== undefined) outer.next = 'comma';
    this.#frames.push({ kind, next: 'first', key: '', headSeen: false });
    if (kind === 'resource spans') this.#resource = { attributes: new Map() };
    if (kind === 'scope spans') this.#scope = { name: '' };
    return at + 1;
  }

  #leave(at: number): number {
    const frame = this.#frames.pop()!;
    if (frame.kind === 'request') this.#done = true;
    if (frame.kind === 'resource spans') {
      this.#release();
      this.#gaveUp = false;
    }
    return at + 1;
  }

  /** Goes on with a value that is read whole, and reads it when it has ended. */
  #readValue(bytes: Uint8Array, from: number): number {
    const { pieces, end } = this.#value!;
    const last = end.find(bytes, from);
    pieces.push(bytes.subarray(from, last === -1 ? bytes.length : last));
    if (last === -1) return bytes.length;
    this.#value = null;
    const text = textOf(pieces);
    const value: unknown = JSON.parse(text);
    const frame = this.#frames.at(-1)!;
    if (frame.next === 'member') {
      frame.key = value as string;
      frame.next = 'colon';
    } else {
      frame.next = 'comma';
      this.#take(frame, value);
    }
    return last;
  }

  #take(frame: Frame, value: unknown): void {
    if (frame.kind === 'list of spans') {
      this.#takeSpan(readSpanObject(value, this.#resource, this.#scope));
    } else if (frame.kind === 'resource spans' && frame.key === 'resource') {
      this.#seeHead(frame);
      this.#resource.attributes = readResourceObject(value);
    } else if (frame.kind === 'scope spans' && frame.key === 'scope') {
      this.#seeHead(frame);
      this.#scope.name = readScopeObject(value);
    }
  }

  #seeHead(frame: Frame): void {
    if (this.#gaveUp) {
      throw new SyntaxError(`a resource or scope stands after more than ${mostHeld} of its spans`);
    }
    frame.headSeen = true;
  }

  /** Resource and scope stand before their spans, as everybody writes them, or are waited for. */
  #takeSpan(span: ReceivedSpan): void {
    const known = this.#frames.every(
      ({ kind, headSeen }) => headSeen || (kind !== 'resource spans' && kind !== 'scope spans'),
    );
    if (known || this.#gaveUp) {
      this.#spans.push(span);
      return;
    }
    this.#held.push(span);
    if (this.#held.length < mostHeld) return;
    this.#gaveUp = true;
    this.#release();
  }

  #release(): void {
    for (const span of this.#held) this.#spans.push(span);
    this.#held = [];
  }
}

function textOf(pieces: readonly Uint8Array[]): string {
  if (pieces.length > 1) return Buffer.concat(pieces).toString('utf8');
  const [{ buffer, byteOffset, byteLength }] = pieces as [Uint8Array];
  return Buffer.from(buffer, byteOffset, byteLength).toString('utf8');
}
