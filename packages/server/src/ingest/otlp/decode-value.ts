import { WireType, type BinaryReader } from '@bufbuild/protobuf/wire';
import { isReadAttribute, type AttributeValue } from '@farthing/core';
import { KnownNames } from './known-names.js';

/** Elements of a list that are read; no attribute that matters has more. */
const longestList = 64;

/** Names of the attributes that are read, and of exceptions' types, which alone are read of events. */
const readAttributes = new KnownNames(isReadAttribute, decodeText);
export const exceptionTypes = new KnownNames((name) => name === 'exception.type', decodeText);

/** `KeyValue`: the value is decoded only where it is read, so that no prompt becomes a string. */
export function readKeyValue(
  reader: BinaryReader,
  into: Map<string, AttributeValue>,
  names: KnownNames = readAttributes,
): void {
  const end = endOfMessage(reader);
  let key: string | null = null;
  let place: number | null = null;
  while (reader.pos < end) {
    const [field, type] = reader.tag();
    if (field === 1 && type === WireType.LengthDelimited) key = names.read(reader.bytes());
    else if (field === 2 && type === WireType.LengthDelimited) {
      place = reader.pos;
      reader.skip(type);
    } else reader.skip(type, field);
  }
  expectEnd(reader, end);
  if (place === null || key === null) return;
  reader.pos = place;
  const value = readAnyValue(reader, 0);
  reader.pos = end;
  if (value !== undefined) into.set(key, value);
}

/** `AnyValue`: texts, numbers, booleans and lists of them. Maps and bytes hold nothing that is read. */
function readAnyValue(reader: BinaryReader, depth: number): AttributeValue | undefined {
  const end = endOfMessage(reader);
  let value: AttributeValue | undefined;
  while (reader.pos < end) {
    const [field, type] = reader.tag();
    if (field === 1 && type === WireType.LengthDelimited) value = reader.string();
    else if (field === 2 && type === WireType.Varint) value = reader.bool();
    else if (field === 3 && type === WireType.Varint) value = Number(reader.int64());
    else if (field === 4 && type === WireType.Bit64) value = reader.double();
    else if (field === 5 && type === WireType.LengthDelimited && depth < 2) {
      value = readList(reader, depth);
    } else reader.skip(type, field);
  }
  expectEnd(reader, end);
  return value;
}

function readList(reader: BinaryReader, depth: number): AttributeValue[] {
  const end = endOfMessage(reader);
  const list: AttributeValue[] = [];
  while (reader.pos < end) {
    const [field, type] = reader.tag();
    if (field !== 1 || type !== WireType.LengthDelimited || list.length >= longestList) {
      reader.skip(type, field);
      continue;
    }
    const value = readAnyValue(reader, depth + 1);
    if (value !== undefined) list.push(value);
  }
  expectEnd(reader, end);
  return list;
}

/** UTF-8 as Node decodes it: of short texts several times faster than a TextDecoder. */
export function decodeText(bytes: Uint8Array): string {
  const buffer = Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return buffer.toString('utf8');
}

/** Reads the length of a message and returns where it ends. Throws where that is beyond the input. */
export function endOfMessage(reader: BinaryReader): number {
  const length = reader.uint32();
  const end = reader.pos + length;
  if (end > reader.len) throw new RangeError('a message is longer than what was sent');
  return end;
}

/** Throws where a field reached beyond the message that holds it. */
export function expectEnd(reader: BinaryReader, end: number): void {
  if (reader.pos !== end) throw new RangeError('a field is longer than its message');
}
