import { open } from 'node:fs/promises';
import { parseRecord } from './parse-json.js';
import type { ReadRecord } from './read-records.js';

const longestRecord = 16 * 1024 * 1024;
const chunkBytes = 1 << 18;

const quote = 0x22;
const backslash = 0x5c;
const openBrace = 0x7b;
const openBracket = 0x5b;

/**
 * Streams the objects of a JSON array, or of the arrays that stand in a JSON object (`{"data": […]}`, as
 * pages of an API come; several pages may follow one another). Records are numbered from 1. Strings and
 * nesting are followed byte by byte, so that memory is bounded by one record.
 */
export async function* readJsonArray(path: string): AsyncGenerator<ReadRecord> {
  const file = await open(path, 'r');
  try {
    /** The open brackets, outermost first. */
    const nesting: number[] = [];
    let inString = false;
    let escaped = false;
    let number = 0;
    let position = 0;
    let parts: Buffer[] | null = null;
    let length = 0;
    for (;;) {
      const buffer = Buffer.allocUnsafe(chunkBytes);
      const { bytesRead } = await file.read(buffer, 0, chunkBytes, position);
      if (bytesRead === 0) break;
      let start = 0;
      for (let at = 0; at < bytesRead; at++) {
        const byte = buffer[at]!;
        if (inString) {
          if (escaped) escaped = false;
          else if (byte === backslash) escaped = true;
          else if (byte === quote) inString = false;
          continue;
        }
        if (byte === quote) inString = true;
        else if (byte === openBrace || byte === openBracket) {
          if (byte === openBrace && parts === null && isList(nesting)) {
            parts = [];
            length = 0;
            start = at;
          }
          nesting.push(byte);
        } else if (byte === 0x7d || byte === 0x5d) {
          nesting.pop();
          if (parts === null || !isList(nesting)) continue;
          parts.push(buffer.subarray(start, at + 1));
          length += at + 1 - start;
          number += 1;
          yield record(number, position + at + 1, parts, length);
          parts = null;
        }
      }
      if (parts !== null) {
        if (length <= longestRecord) parts.push(buffer.subarray(start, bytesRead));
        length += bytesRead - start;
      }
      position += bytesRead;
    }
    if (parts !== null) {
      yield { line: number + 1, end: position, record: null, reason: 'the file ends inside it' };
    }
  } finally {
    await file.close();
  }
}

/** Whether an object that begins here is a record. */
function isList(nesting: readonly number[]): boolean {
  if (nesting.length === 1) return nesting[0] === openBracket;
  return nesting.length === 2 && nesting[0] === openBrace && nesting[1] === openBracket;
}

function record(line: number, end: number, parts: Buffer[], length: number): ReadRecord {
  if (length > longestRecord) {
    const reason = `longer than ${longestRecord / 1024 / 1024} MB`;
    return { line, end, record: null, reason };
  }
  return { line, end, ...parseRecord(Buffer.concat(parts).toString('utf8')) };
}
