import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Entry } from '@farthing/core';
import { journalsDirectory, parseJournalLine, segmentPath } from '@farthing/journal';
import type { JournalPosition } from '../store/store.js';

/** Most lines are shorter; one read then serves several of them. */
const chunkBytes = 64 * 1024;

/** Longer than any line that the journal takes. */
const longestLine = 4 * 1024 * 1024;

const newline = 0x0a;

/**
 * The entries whose journal lines begin at these places, by their ids. Each file is opened once and
 * read in the order of its lines. What is no longer retained, or is another entry, is absent.
 */
export async function readEntriesAt(
  dataDirectory: string,
  places: readonly { id: string; position: JournalPosition }[],
): Promise<Map<string, Entry>> {
  const files = new Map<string, { id: string; offset: number }[]>();
  for (const { id, position } of places) {
    const directory = join(journalsDirectory(dataDirectory), position.journal);
    const path = segmentPath(directory, position.segment);
    const lines = files.get(path);
    if (lines === undefined) files.set(path, [{ id, offset: position.offset }]);
    else lines.push({ id, offset: position.offset });
  }
  const found = new Map<string, Entry>();
  for (const [path, lines] of files) {
    lines.sort((a, b) => a.offset - b.offset);
    await readFile(path, lines, found);
  }
  return found;
}

async function readFile(
  path: string,
  lines: readonly { id: string; offset: number }[],
  found: Map<string, Entry>,
): Promise<void> {
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  try {
    const reader = new LineReader(file);
    for (const { id, offset } of lines) {
      const text = await reader.lineAt(offset);
      const line = text === null ? null : parseJournalLine(text);
      if (line?.type === 'closed' && line.entry.id.toLowerCase() === id) found.set(id, line.entry);
    }
  } finally {
    await file.close();
  }
}

/** Reads single lines of one file, from a buffer where the next line is near. */
class LineReader {
  readonly #file: FileHandle;
  #start = 0;
  #bytes = Buffer.alloc(0);

  constructor(file: FileHandle) {
    this.#file = file;
  }

  async lineAt(offset: number): Promise<string | null> {
    for (let size = chunkBytes; size <= longestLine; size *= 8) {
      const from = offset - this.#start;
      if (from >= 0 && from < this.#bytes.length) {
        const end = this.#bytes.indexOf(newline, from);
        if (end >= 0) return this.#bytes.toString('utf8', from, end);
      }
      const buffer = Buffer.allocUnsafe(size);
      const { bytesRead } = await this.#file.read(buffer, 0, size, offset);
      this.#start = offset;
      this.#bytes = buffer.subarray(0, bytesRead);
    }
    return null;
  }
}
