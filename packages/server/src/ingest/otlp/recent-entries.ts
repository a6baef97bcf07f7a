import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Entry } from '@farthing/core';
import {
  journalsDirectory,
  listSegments,
  parseJournalLine,
  readLines,
  segmentPath,
} from '@farthing/journal';

/** The entries in all journals' segments that were written to since a time (milliseconds since 1970). */
export async function* recentEntries(dataDirectory: string, since: number): AsyncGenerator<Entry> {
  const root = journalsDirectory(dataDirectory);
  for (const journal of await directoriesIn(root)) {
    const directory = join(root, journal);
    for (const segment of await listSegments(directory)) {
      const path = segmentPath(directory, segment);
      if ((await stat(path)).mtimeMs < since) continue;
      for await (const { text, complete } of readLines(path)) {
        const line = complete ? parseJournalLine(text) : null;
        if (line?.type === 'closed') yield line.entry;
      }
    }
  }
}

async function directoriesIn(root: string): Promise<string[]> {
  try {
    const found = await readdir(root, { withFileTypes: true });
    return found.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
