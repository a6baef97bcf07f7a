import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { readResource, readScope, readSpanMessage } from './decode-protobuf.js';
import { decodeText, expectEnd } from './decode-value.js';
import type { ReceivedResource, ReceivedSpan } from './received-span.js';
import type { TraceDecoder } from './trace-decoder.js';

/** A message that is under way, and where it ends in the body. */
interface Frame {
  kind: 'request' | 'resource spans' | 'scope spans' | 'group';
  end: number;
  resource: ReceivedResource;
  scope: { name: string };
  /** Number of the field, where the frame is a group. */
  field: number;
}

/** Groups in groups; the encoding has had none for long. */
const deepest = 64;

/**
 * Decodes an `ExportTraceServiceRequest` as its bytes come: spans one by one, and of the body no more is
 * held than the span under way. Only what is read is decoded; everything else is passed over, as
 * protobuf intends. Throws a RangeError or another Error for bytes that are no such message.
 *
 * A resource (or scope) holds for its spans also where it comes after them, as the encoding allows, but
 * then its message is held whole.
 * https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/trace/v1/trace.proto
 */
export class ProtobufTraceDecoder implements TraceDecoder {
  #bytes: Uint8Array = new Uint8Array();
  #reader = new BinaryReader(this.#bytes);
  /** Where the reader's first byte is in the body. */
  #offset = 0;
  /** What came and was not needed yet. */
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  /** Bytes that the next step takes. */
  #needed = 1;
  /** Bytes of a field that is passed over which are still to come. */
  #passed = 0;
  readonly #frames: Frame[] = [
    {
      kind: 'request',
      end: Number.POSITIVE_INFINITY,
      resource: { attributes: new Map() },
      scope: { name: '' },
      field: 0,
    },
  ];

  push(bytes: Uint8Array): ReceivedSpan[] {
    const spans: ReceivedSpan[] = [];
    let piece = bytes;
    if (this.#passed > 0) {
      const passed = Math.min(this.#passed, piece.length);
      this.#passed -= passed;
      this.#offset += passed;
      piece = piece.subarray(passed);
    }
    if (piece.length === 0) return spans;
    this.#waiting.push(piece);
    this.#waitingBytes += piece.length;
    if (this.#waitingBytes < this.#needed) return spans;
    this.#bytes =
      this.#waiting.length === 1 ? piece : Buffer.concat(this.#waiting, this.#waitingBytes);
    this.#reader = new BinaryReader(this.#bytes, decodeText);
    while (this.#step(spans));
    const read = this.#reader.pos;
    this.#offset += read;
    this.#reader.pos = 0;
    const rest = this.#bytes.subarray(read);
    this.#waiting = rest.length === 0 ? [] : [rest];
    this.#waitingBytes = rest.length;
    return spans;
  }

  end(): ReceivedSpan[] {
    if (this.#passed > 0 || this.#waitingBytes > 0) {
      throw new RangeError('a message is longer than what was sent');
    }
    this.#leave(this.#offset);
    if (this.#frames.length > 1) throw new RangeError('a message is longer than what was sent');
    return [];
  }

  /** Leaves the messages that end here. A group ends by a tag of its own. */
  #leave(place: number): void {
    for (let top = this.#frames.at(-1)!; top.end === place; top = this.#frames.at(-1)!) {
      if (top.kind === 'group') throw new RangeError('a group does not end');
      this.#frames.pop();
    }
  }

  /** Where the next byte is in the body. */
  get #place(): number {
    return this.#offset + this.#reader.pos;
  }

  /** Reads one field; false where more bytes must come first. */
  #step(spans: ReceivedSpan[]): boolean {
    const reader = this.#reader;
    this.#leave(this.#place);
    const frame = this.#frames.at(-1)!;
    if (this.#place > frame.end) throw new RangeError('a field is longer than its message');
    if (reader.pos === reader.len) return this.#need(1);
    const start = reader.pos;
    if (!this.#holdsNumber(start)) return this.#wait(start, reader.len - start + 1);
    const [field, type] = reader.tag();
    if (type === WireType.LengthDelimited) return this.#stepInto(frame, field, start, spans);
    if (type === WireType.StartGroup) return this.#beginGroup(frame, field);
    if (type === WireType.EndGroup) return this.#endGroup(frame, field);
    const size = type === WireType.Bit64 ? 8 : type === WireType.Bit32 ? 4 : 0;
    if (size === 0 && !this.#holdsNumber(reader.pos)) {
      return this.#wait(start, reader.len - start + 1);
    }
    if (reader.pos + size > reader.len) return this.#wait(start, reader.pos - start + size);
    reader.skip(type, field);
    return true;
  }

  #stepInto(frame: Frame, field: number, start: number, spans: ReceivedSpan[]): boolean {
    const reader = this.#reader;
    const atLength = reader.pos;
    if (!this.#holdsNumber(atLength)) return this.#wait(start, reader.len - start + 1);
    const length = reader.uint32();
    const end = this.#place + length;
    if (end > frame.end) throw new RangeError('a field is longer than its message');
    const within = kindWithin(frame, field);
    if (within !== null) {
      const inner: Frame = {
        kind: within,
        end,
        resource: within === 'resource spans' ? { attributes: new Map() } : frame.resource,
        scope: { name: '' },
        field: 0,
      };
      // What holds for the whole message comes first in it, as everybody writes it, or is looked for.
      if (length > 0) {
        if (reader.pos === reader.len) return this.#wait(start, reader.pos - start + 1);
        if (this.#bytes[reader.pos] !== firstField) {
          const whole = reader.pos - start + length;
          if (start + whole > reader.len) return this.#wait(start, whole);
          readHeads(reader, inner, reader.pos + length);
        }
      }
      this.#frames.push(inner);
      return true;
    }
    if (!isRead(frame, field)) return this.#passOver(length);
    if (reader.pos + length > reader.len) return this.#wait(start, reader.pos - start + length);
    const last = reader.pos + length;
    reader.pos = atLength;
    if (frame.kind === 'resource spans') readResource(reader, frame.resource);
    else if (field === 1) readScope(reader, frame.scope);
    else spans.push(readSpanMessage(reader, frame.resource, frame.scope));
    expectEnd(reader, last);
    return true;
  }

  #beginGroup(frame: Frame, field: number): boolean {
    if (this.#frames.length > deepest) throw new RangeError('groups are nested too deep');
    this.#frames.push({ ...frame, kind: 'group', field });
    return true;
  }

  #endGroup(frame: Frame, field: number): boolean {
    if (frame.kind !== 'group' || frame.field !== field) throw new RangeError('a group ends twice');
    this.#frames.pop();
    return true;
  }

  #passOver(length: number): boolean {
    const reader = this.#reader;
    const held = Math.min(length, reader.len - reader.pos);
    reader.pos += held;
    this.#passed = length - held;
    return this.#passed === 0 || this.#need(1);
  }

  /** Whether a whole varint is held from here on. One of more than ten bytes is for the reader to refuse. */
  #holdsNumber(from: number): boolean {
    const bytes = this.#bytes;
    const last = Math.min(bytes.length, from + 10);
    for (let at = from; at < last; at++) if (bytes[at]! < 0x80) return true;
    return last === from + 10;
  }

  /** Goes back to where the step began, until so many bytes are there. */
  #wait(start: number, bytes: number): false {
    this.#reader.pos = start;
    return this.#need(bytes);
  }

  #need(bytes: number): false {
    this.#needed = bytes;
    return false;
  }
}

/** The tag of field 1 with a length: a resource in its spans, a scope in its. */
const firstField = 0x0a;

function kindWithin({ kind }: Frame, field: number): Frame['kind'] | null {
  if (kind === 'request' && field === 1) return 'resource spans';
  // 1000 was the number before scopes were called so.
  return kind === 'resource spans' && (field === 2 || field === 1000) ? 'scope spans' : null;
}

function isRead({ kind }: Frame, field: number): boolean {
  if (kind === 'resource spans') return field === 1;
  return kind === 'scope spans' && (field === 1 || field === 2);
}

/** Reads what holds for all of a message out of it, wherever it is, and returns to its beginning. */
function readHeads(reader: BinaryReader, frame: Frame, end: number): void {
  const start = reader.pos;
  while (reader.pos < end) {
    const [field, type] = reader.tag();
    if (field !== 1 || type !== WireType.LengthDelimited) reader.skip(type, field);
    else if (frame.kind === 'resource spans') readResource(reader, frame.resource);
    else readScope(reader, frame.scope);
  }
  expectEnd(reader, end);
  reader.pos = start;
}
