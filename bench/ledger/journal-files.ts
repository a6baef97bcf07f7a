import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Entry } from '@farthing/core';

/** The lines of one call as a writer leaves them: `opened` before it, `closed` after it. */
export function linesOf(entry: Entry): string {
  const { id, source, started_at, provider, api, stream, model_requested, attempt, tags } = entry;
  const opened = {
    type: 'opened',
    schema: entry.schema,
    id,
    source,
    started_at,
    provider,
    api,
    stream,
    model_requested,
    attempt,
    estimate: entry.estimate,
    tags,
  };
  return `${JSON.stringify(opened)}\n${JSON.stringify({ type: 'closed', entry })}\n`;
}

/** Opens a segment of a journal with its first line written; returns its file descriptor. */
export function openSegment(dataDirectory: string, journal: string, segment: number): number {
  const directory = join(dataDirectory, 'journals', journal);
  mkdirSync(directory, { recursive: true });
  const file = openSync(join(directory, `${String(segment).padStart(10, '0')}.jsonl`), 'wx');
  const created_at = new Date().toISOString();
  writeSync(
    file,
    `${JSON.stringify({ type: 'segment', schema: 1, journal, segment, created_at, open: [] })}\n`,
  );
  return file;
}

/** Writes entries into segments of about 64 MiB; returns how many bytes. */
export function writeJournal(
  dataDirectory: string,
  journal: string,
  entries: Iterator<Entry>,
  count: number,
): number {
  const segmentBytes = 64 << 20;
  let segment = 1;
  let file = openSegment(dataDirectory, journal, segment);
  let inSegment = 0;
  let total = 0;
  let pending: string[] = [];
  for (let index = 0; index < count; index++) {
    pending.push(linesOf(entries.next().value as Entry));
    if (pending.length < 1000 && index < count - 1) continue;
    const written = writeSync(file, pending.join(''));
    pending = [];
    inSegment += written;
    total += written;
    if (inSegment < segmentBytes) continue;
    closeSync(file);
    segment += 1;
    inSegment = 0;
    file = openSegment(dataDirectory, journal, segment);
  }
  closeSync(file);
  return total;
}
