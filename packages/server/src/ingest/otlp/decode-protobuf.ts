import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import type { AttributeValue } from '@farthing/core';
import { endOfMessage, expectEnd, readKeyValue } from './decode-value.js';
import type { ReceivedResource, ReceivedSpan } from './received-span.js';

/**
 * Decodes an `ExportTraceServiceRequest`. Only what is read is decoded; everything else is skipped, as
 * protobuf intends. Throws a RangeError or another Error for bytes that are no such message.
 * https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/trace/v1/trace.proto
 */
export function decodeProtobufTraces(bytes: Uint8Array): ReceivedSpan[] {
  const reader = new BinaryReader(bytes);
  const spans: ReceivedSpan[] = [];
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (field === 1 && type === WireType.LengthDelimited) readResourceSpans(reader, spans);
    else reader.skip(type, field);
  }
  expectEnd(reader, reader.len);
  return spans;
}

function readResourceSpans(reader: BinaryReader, spans: ReceivedSpan[]): void {
  const end = endOfMessage(reader);
  const resource: ReceivedResource = { attributes: new Map() };
  while (reader.pos < end) {
    const [field, type] = reader.tag();
    if (field === 1 && type === WireType.LengthDelimited) {
      readMembers(reader, (number) => {
        if (number !== 1) return false;
        readKeyValue(reader, resource.attributes);
        return true;
      });
    } else if ((field === 2 || field === 1000) && type === WireType.LengthDelimited) {
      readScopeSpans(reader, resource, spans);
    } else reader.skip(type, field);
  }
  expectEnd(reader, end);
}

function readScopeSpans(
  reader: BinaryReader,
  resource: ReceivedResource,
  spans: ReceivedSpan[],
): void {
  const scope = { name: '' };
  readMembers(reader, (field) => {
    if (field === 1) {
      readMembers(reader, (member) => {
        if (member !== 1) return false;
        scope.name = reader.string();
        return true;
      });
      return true;
    }
    if (field !== 2) return false;
    spans.push(readSpanMessage(reader, resource, scope));
    return true;
  });
}

function readSpanMessage(
  reader: BinaryReader,
  resource: ReceivedResource,
  scope: { name: string },
): ReceivedSpan {
  const attributes = new Map<string, AttributeValue>();
  const span: ReceivedSpan = {
    traceId: '',
    spanId: '',
    parentSpanId: '',
    name: '',
    start: 0n,
    end: 0n,
    failed: false,
    exception: null,
    attributes,
    resource,
    scope,
  };
  const end = endOfMessage(reader);
  while (reader.pos < end) {
    const [field, type] = reader.tag();
    if (type === WireType.LengthDelimited) {
      if (field === 1) span.traceId = hex(reader.bytes());
      else if (field === 2) span.spanId = hex(reader.bytes());
      else if (field === 4) span.parentSpanId = hex(reader.bytes());
      else if (field === 5) span.name = reader.string();
      else if (field === 9) readKeyValue(reader, attributes);
      else if (field === 11) span.exception ??= readEvent(reader);
      else if (field === 15) span.failed = readStatus(reader);
      else reader.skip(type, field);
    } else if (type === WireType.Bit64 && field === 7) span.start = BigInt(reader.fixed64());
    else if (type === WireType.Bit64 && field === 8) span.end = BigInt(reader.fixed64());
    else reader.skip(type, field);
  }
  expectEnd(reader, end);
  return span;
}

/** The type of the exception that an event tells of; its message and stack stay undecoded. */
function readEvent(reader: BinaryReader): string | null {
  const attributes = new Map<string, AttributeValue>();
  readMembers(reader, (field) => {
    if (field !== 3) return false;
    readKeyValue(reader, attributes, (name) => name === 'exception.type');
    return true;
  });
  const type = attributes.get('exception.type');
  return typeof type === 'string' ? type : null;
}

/** Whether the status code is ERROR (2). */
function readStatus(reader: BinaryReader): boolean {
  const end = endOfMessage(reader);
  let code = 0;
  while (reader.pos < end) {
    const [field, type] = reader.tag();
    if (field === 3 && type === WireType.Varint) code = reader.int32();
    else reader.skip(type, field);
  }
  expectEnd(reader, end);
  return code === 2;
}

/** Goes through the messages and texts in a message; what `read` does not take is skipped. */
function readMembers(reader: BinaryReader, read: (field: number) => boolean): void {
  const end = endOfMessage(reader);
  while (reader.pos < end) {
    const [field, type] = reader.tag();
    if (type !== WireType.LengthDelimited || !read(field)) reader.skip(type, field);
  }
  expectEnd(reader, end);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}
