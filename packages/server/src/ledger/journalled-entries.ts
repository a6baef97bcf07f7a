import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Entry, Window } from '@farthing/core';
import {
  journalsDirectory,
  listSegments,
  parseJournalLine,
  readLines,
  segmentPath,
} from '@farthing/journal';
import type { JournalPosition, Store } from '../store/store.js';

/** Longer than any line that the journal takes. */
const longestLine = 4 * 1024 * 1024;

/**
 * The entry whose journal line begins at this place, or null when the segment is no longer retained
 * or holds something else there.
 */
export async function readJournalledEntry(
  dataDirectory: string,
  position: JournalPosition,
  id: string,
): Promise<Entry | null> {
  const path = segmentPath(
    join(journalsDirectory(dataDirectory), position.journal),
    position.segment,
  );
  try {
    const text = await readLineAt(path, position.offset);
    const line = text === null ? null : parseJournalLine(text);
    return line?.type === 'closed' && line.entry.id === id ? line.entry : null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

async function readLineAt(path: string, offset: number): Promise<string | null> {
  const parts: Buffer[] = [];
  const stream = createReadStream(path, { start: offset, end: offset + longestLine });
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    const newline = chunk.indexOf(0x0a);
    parts.push(newline < 0 ? chunk : chunk.subarray(0, newline));
    if (newline >= 0) return Buffer.concat(parts).toString('utf8');
  }
  return null;
}

/**
 * All entries in the books that the retained journals hold, journal by journal in the order of their
 * writing. A line counts only if it is the one that was booked: a repeated line is left out, so that
 * what this yields adds up to what reports say.
 */
export async function* readBookedEntries(
  dataDirectory: string,
  store: Store,
  window?: Window,
): AsyncGenerator<Entry> {
  let batch: { entry: Entry; position: JournalPosition }[] = [];
  for await (const found of readClosedLines(dataDirectory)) {
    const { started_at: startedAt } = found.entry;
    if (window !== undefined && (startedAt < window.from || startedAt >= window.to)) continue;
    batch.push(found);
    if (batch.length < 1000) continue;
    yield* onlyBooked(store, batch);
    batch = [];
  }
  yield* onlyBooked(store, batch);
}

/** The window in which these calls began. */
export function windowOf(entries: readonly Entry[]): Window {
  const starts = entries.map(({ started_at: start }) => Date.parse(start));
  const first = starts.reduce((a, b) => Math.min(a, b));
  const last = starts.reduce((a, b) => Math.max(a, b));
  return { from: new Date(first).toISOString(), to: new Date(last + 1).toISOString() };
}

async function* onlyBooked(
  store: Store,
  batch: { entry: Entry; position: JournalPosition }[],
): AsyncGenerator<Entry> {
  if (batch.length === 0) return;
  const located = await store.locate(
    batch.map(({ entry }) => entry.id),
    windowOf(batch.map(({ entry }) => entry)),
  );
  for (const { entry, position } of batch) {
    const booked = located.get(entry.id);
    if (
      booked?.journal === position.journal &&
      booked.segment === position.segment &&
      booked.offset === position.offset
    ) {
      yield entry;
    }
  }
}

async function* readClosedLines(
  dataDirectory: string,
): AsyncGenerator<{ entry: Entry; position: JournalPosition }> {
  for (const journal of await journalNames(dataDirectory)) {
    const directory = join(journalsDirectory(dataDirectory), journal);
    for (const segment of await listSegments(directory)) {
      let offset = 0;
      for await (const raw of readLines(segmentPath(directory, segment))) {
        const line = raw.complete ? parseJournalLine(raw.text) : null;
        if (line?.type === 'closed') {
          yield { entry: line.entry, position: { journal, segment, offset } };
        }
        offset = raw.end;
      }
    }
  }
}

async function journalNames(dataDirectory: string): Promise<string[]> {
  try {
    const entries = await readdir(journalsDirectory(dataDirectory), { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
