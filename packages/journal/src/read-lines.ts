import { createReadStream } from 'node:fs';

/** A journal line as it stands in a file, with the byte offset behind its newline. */
export interface RawLine {
  text: string;
  end: number;
  /** False for the last line when its newline is missing: written in part when the process died. */
  complete: boolean;
}

/** Reads a segment line by line without loading it whole. */
export async function* readLines(path: string): AsyncGenerator<RawLine> {
  let carry: Buffer = Buffer.alloc(0);
  let end = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 18 })) {
    const bytes = carry.length === 0 ? (chunk as Buffer) : Buffer.concat([carry, chunk as Buffer]);
    let start = 0;
    for (;;) {
      const newline = bytes.indexOf(0x0a, start);
      if (newline < 0) break;
      end += newline + 1 - start;
      yield { text: bytes.toString('utf8', start, newline), end, complete: true };
      start = newline + 1;
    }
    carry = bytes.subarray(start);
  }
  if (carry.length > 0) {
    yield { text: carry.toString('utf8'), end: end + carry.length, complete: false };
  }
}
