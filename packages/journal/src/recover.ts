import type { JournalLine, OpenedLine } from '@farthing/core';
import { readLines } from './read-lines.js';
import { listSegments, segmentPath } from './segment-files.js';

export interface Recovered {
  /** The highest segment number in the directory; 0 when the journal is new. */
  lastSegment: number;
  /** Calls that were opened and never closed: the process died during them. */
  open: OpenedLine[];
  /** Lines that a crash left torn, or that are damaged. */
  unreadableLines: number;
}

/**
 * Finds the calls that were open when a journal's last writer died. A segment's first line carries
 * the calls open at its beginning, so only the last segment with a whole first line is read (and
 * what follows it, when the crash hit the very moment of rotation).
 */
export async function recoverJournal(directory: string): Promise<Recovered> {
  const segments = await listSegments(directory);
  const lastSegment = segments.at(-1) ?? 0;
  let first = segments.length - 1;
  while (first > 0 && !(await beginsWhole(segmentPath(directory, segments[first]!)))) first--;

  const open = new Map<string, OpenedLine>();
  let unreadableLines = 0;
  for (const segment of segments.slice(Math.max(first, 0))) {
    for await (const raw of readLines(segmentPath(directory, segment))) {
      const line = raw.complete ? parseJournalLine(raw.text) : null;
      if (line === null) {
        unreadableLines++;
        continue;
      }
      if (line.type === 'segment') for (const opened of line.open) open.set(opened.id, opened);
      else if (line.type === 'opened') open.set(line.id, line);
      else open.delete(line.type === 'closed' ? line.entry.id : line.id);
    }
  }
  return { lastSegment, open: [...open.values()], unreadableLines };
}

/** Null for anything that is not a journal line: recovery must get past damage, not stop at it. */
export function parseJournalLine(text: string): JournalLine | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('type' in value)) return null;
    const { type } = value;
    if (type === 'segment' && 'open' in value && Array.isArray(value.open)) {
      return value as JournalLine;
    }
    if (
      (type === 'opened' || type === 'withdrawn') &&
      'id' in value &&
      typeof value.id === 'string'
    ) {
      return value as JournalLine;
    }
    if (type === 'closed' && 'entry' in value && typeof value.entry === 'object') {
      return value as JournalLine;
    }
    return null;
  } catch {
    return null;
  }
}

async function beginsWhole(path: string): Promise<boolean> {
  for await (const raw of readLines(path)) {
    return raw.complete && parseJournalLine(raw.text)?.type === 'segment';
  }
  return false;
}
