import { open, type FileHandle } from 'node:fs/promises';
import { findMembers, type ByteRange } from './find-members.js';

const chunkBytes = 1 << 20;
const newline = 0x0a;
const backslash = 0x5c;
const space = 0x20;

/**
 * Takes a tag with one of the values out of every record of a JSON lines file: blanks stand where it
 * stood, so that every other byte keeps its place, and each line stays JSON. Only what is a tag counts
 * ({@link findMembers}): the same text as a field of the record, or in another tag, is left. Done again
 * after a crash, it is finished. Returns how many were removed.
 */
export async function removeTagInFile(
  path: string,
  tag: string,
  values: readonly string[],
): Promise<number> {
  const file = await open(path, 'r+');
  try {
    const { size } = await file.stat();
    const removed = await removeBefore(file, size, tag, new Set(values));
    if (removed > 0) await file.datasync();
    return removed;
  } finally {
    await file.close();
  }
}

async function removeBefore(
  file: FileHandle,
  size: number,
  tag: string,
  values: ReadonlySet<string>,
): Promise<number> {
  // Without an escape a value stands as it is.
  const plain = [...values].map((value) => Buffer.from(value));
  const mayHold = (bytes: Buffer) =>
    bytes.includes(backslash) || plain.some((value) => bytes.includes(value));
  let removed = 0;
  let rest = Buffer.alloc(0);
  for (let position = 0; position < size;) {
    const chunk = Buffer.allocUnsafe(Math.min(chunkBytes, size - position));
    const { bytesRead } = await file.read(chunk, 0, chunk.length, position);
    if (bytesRead === 0) break;
    position += bytesRead;
    const bytes = Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
    // A last line without its end is looked at, too: a crash may have cut it off behind the tag.
    const end = position < size ? bytes.lastIndexOf(newline) + 1 : bytes.length;
    const lines = bytes.subarray(0, end);
    rest = Buffer.from(bytes.subarray(end));
    if (!mayHold(lines)) continue;
    const found = blankTags(lines, tag, values, mayHold);
    // The same bytes again, but for those that changed; never beyond what was there at the beginning.
    if (found > 0) await file.write(lines, 0, lines.length, position - bytes.length);
    removed += found;
  }
  return removed;
}

function blankTags(
  lines: Buffer,
  tag: string,
  values: ReadonlySet<string>,
  mayHold: (bytes: Buffer) => boolean,
): number {
  let found = 0;
  for (const { start, end } of linesOf(lines)) {
    const line = lines.subarray(start, end);
    if (!mayHold(line)) continue;
    for (const { blank } of findMembers(line, tag, values)) {
      found += 1;
      for (const range of blank) line.fill(space, range.start, range.end);
    }
  }
  return found;
}

function* linesOf(bytes: Buffer): Generator<ByteRange> {
  for (let start = 0; start < bytes.length;) {
    const found = bytes.indexOf(newline, start);
    const end = found < 0 ? bytes.length : found;
    yield { start, end };
    start = end + 1;
  }
}
