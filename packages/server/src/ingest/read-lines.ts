import { createReadStream } from 'node:fs';

/** Longer lines are not records of calls (or not text at all). */
const longestLine = 4 * 1024 * 1024;

/** A line of a file. `text` is null when it cannot be one, and `reason` says why. */
export type SourceLine =
  | { line: number; text: string; end: number }
  | { line: number; text: null; reason: string; end: number };

/**
 * Streams a text file line by line: LF or CRLF, with or without a byte-order mark or a last newline.
 * Memory stays bounded whatever the file holds. `end` is the byte offset behind the line.
 */
export async function* readSourceLines(path: string): AsyncGenerator<SourceLine> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let parts: Buffer[] = [];
  let length = 0;
  let line = 0;
  let end = 0;

  const finish = (): SourceLine => {
    line++;
    const bytes = Buffer.concat(parts);
    const isTooLong = length > longestLine;
    parts = [];
    length = 0;
    if (isTooLong) {
      return { line, text: null, reason: `longer than ${longestLine / 1024 / 1024} MB`, end };
    }
    try {
      return { line, text: decoder.decode(bytes).replace(/\r$/, ''), end };
    } catch {
      return { line, text: null, reason: 'not UTF-8 text', end };
    }
  };

  for await (const chunk of createReadStream(path, {
    highWaterMark: 1 << 18,
  }) as AsyncIterable<Buffer>) {
    let start = 0;
    for (;;) {
      const newline = chunk.indexOf(0x0a, start);
      const stop = newline < 0 ? chunk.length : newline;
      if (length <= longestLine) parts.push(chunk.subarray(start, stop));
      length += stop - start;
      end += stop - start;
      if (newline < 0) break;
      end += 1;
      yield finish();
      start = newline + 1;
    }
  }
  if (length > 0) yield finish();
}
