import { createReadStream, readdirSync, statSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Entry } from '@farthing/core';
import { journalsDirectory, listSegments, parseJournalLine, segmentPath } from '@farthing/journal';

/** A place in a journal: everything before it has been read. */
export interface Position {
  segment: number;
  offset: number;
}

export interface FoundEntry {
  entry: Entry;
  /** Where its line ends. */
  position: Position;
}

/** The names of all journals of a data directory. */
export async function journalNames(dataDirectory: string): Promise<string[]> {
  try {
    const entries = await readdir(journalsDirectory(dataDirectory), { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/**
 * The entries of a journal behind a place, in the order of their writing. A last line without its
 * newline is not read; a first one that `from` cuts in two is none.
 * @param unchangedSince leaves out segments that were not written to since then: milliseconds.
 */
export async function* readEntries(
  dataDirectory: string,
  journal: string,
  from: Position = { segment: 0, offset: 0 },
  unchangedSince = Number.NEGATIVE_INFINITY,
): AsyncGenerator<FoundEntry> {
  const directory = join(journalsDirectory(dataDirectory), journal);
  for (const segment of await listSegments(directory)) {
    if (segment < from.segment) continue;
    const path = segmentPath(directory, segment);
    try {
      const { mtimeMs, size } = await stat(path);
      const start = segment === from.segment ? from.offset : 0;
      if (mtimeMs < unchangedSince || size <= start) continue;
      for await (const { text, end } of linesFrom(path, start)) {
        // Half of all lines, and none that counts.
        const line = text.startsWith('{"type":"opened"') ? null : parseJournalLine(text);
        if (line?.type === 'closed')
          yield { entry: line.entry, position: { segment, offset: end } };
      }
    } catch (error) {
      // Retention was quicker.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
}

/** Where a journal ends at this moment; null when it has no segment. Part of a line may count. */
export function endOf(dataDirectory: string, journal: string): Position | null {
  const directory = join(journalsDirectory(dataDirectory), journal);
  try {
    const last = readdirSync(directory)
      .filter((name) => /^\d{10}\.jsonl$/.test(name))
      .toSorted()
      .at(-1);
    if (last === undefined) return null;
    return { segment: Number.parseInt(last, 10), offset: statSync(join(directory, last)).size };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

async function* linesFrom(
  path: string,
  start: number,
): AsyncGenerator<{ text: string; end: number }> {
  let carry: Buffer = Buffer.alloc(0);
  let end = start;
  for await (const chunk of createReadStream(path, { start, highWaterMark: 1 << 17 })) {
    const bytes = carry.length === 0 ? (chunk as Buffer) : Buffer.concat([carry, chunk as Buffer]);
    let from = 0;
    for (;;) {
      const newline = bytes.indexOf(0x0a, from);
      if (newline < 0) break;
      end += newline + 1 - from;
      yield { text: bytes.toString('utf8', from, newline), end };
      from = newline + 1;
    }
    carry = bytes.subarray(from);
  }
}
