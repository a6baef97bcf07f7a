import { WireType, type BinaryReader } from '@bufbuild/protobuf/wire';
import type { AttributeValue } from '@farthing/core';
import { endOfMessage, exceptionTypes, expectEnd, readKeyValue } from './decode-value.js';
import type { ReceivedResource, ReceivedSpan } from './received-span.js';

/** `Resource`: its attributes. The reader stands before its length. */
export function readResource(reader: BinaryReader, resource: ReceivedResource): void {
  readMembers(reader, (field) => {
    if (field !== 1) return false;
    readKeyValue(reader, resource.attributes);
    return true;
  });
}

/** `InstrumentationScope`: its name. The reader stands before its length. */
export function readScope(reader: BinaryReader, scope: { name: string }): void {
  readMembers(reader, (field) => {
    if (field !== 1) return false;
    scope.name = reader.string();
    return true;
  });
}

/** `Span`. The reader stands before its length. Only what is read is decoded. */
export function readSpanMessage(
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
    readKeyValue(reader, attributes, exceptionTypes);
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
