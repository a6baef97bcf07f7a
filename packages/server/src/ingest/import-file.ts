import { stat } from 'node:fs/promises';
import { FarthingError, type Entry, type ImportSummary } from '@farthing/core';
import { CostComparer } from './cost-comparison.js';
import { readMapping, type Mapping } from './mapping.js';
import type { ImportPorts } from './ports.js';
import { findPreset } from './presets/index.js';
import { hashContent, OccurrenceCounter, recordId } from './record-id.js';
import { readRecords } from './read-records.js';
import { recordConverter } from './record-to-entry.js';

/** Entries that travel together: far below the API's 10 MB, and one journal sync for all of them. */
const batchSize = 1000;
const keptUnreadableLines = 100;

export interface ImportFileRequest {
  file: string;
  preset?: string;
  /** Path of a mapping file, instead of a preset. */
  mapping?: string;
  provider?: string;
  model?: string;
  /** Overrides the mapping's name in `source: import:<name>`. */
  source?: string;
  tags: Readonly<Record<string, string>>;
  dryRun: boolean;
  /** Hands entries on; tells how many of them were in the books before. */
  deliver(entries: Entry[]): Promise<{ accepted: number; already_booked: number }>;
  onProgress?(progress: { bytes: number; totalBytes: number; calls: number }): void;
}

/**
 * Imports a file of calls that another tool recorded. Streams it, so its size does not matter; a line
 * that cannot be read is counted and never stops the rest. Ids come from the records themselves:
 * importing the same file again, or a longer revision of it, books only what is new.
 */
export async function importFile(
  request: ImportFileRequest,
  ports: ImportPorts,
): Promise<ImportSummary> {
  const mapping = await chooseMapping(request);
  const totalBytes = await sizeOf(request.file);
  const name = request.source ?? mapping.name;
  const source = `import:${name}`;
  // Nobody's pseudonym is needed for a dry run, and making one would leave a secret behind.
  const pseudonymize = request.dryRun
    ? () => undefined
    : (user: string) => ports.pseudonymize(user);
  const convert = recordConverter(mapping, source, request, { ...ports, pseudonymize });
  const occurrences = new OccurrenceCounter();
  const comparer = new CostComparer();
  const summary: ImportSummary = {
    file: request.file,
    source,
    dry_run: request.dryRun,
    lines: 0,
    calls: 0,
    other_records: 0,
    imported: 0,
    already_there: 0,
    unreadable: { count: 0, lines: [] },
    first_call_at: null,
    last_call_at: null,
    comparison: comparer.comparison,
    unpriced: [],
  };
  const unreadable = (line: number, reason: string) => {
    summary.unreadable.count++;
    if (summary.unreadable.lines.length < keptUnreadableLines) {
      summary.unreadable.lines.push({ line, reason });
    }
  };
  let batch: Entry[] = [];
  const deliver = async (bytes: number) => {
    if (batch.length > 0) {
      const { accepted, already_booked: already } = await request.deliver(batch);
      summary.imported += accepted;
      summary.already_there += already;
      batch = [];
    }
    request.onProgress?.({ bytes, totalBytes, calls: summary.calls });
  };

  for await (const read of readRecords(request.file, mapping)) {
    summary.lines = Math.max(summary.lines, read.line);
    if (read.record === null) {
      unreadable(read.line, read.reason);
      continue;
    }
    const converted = convert(read.record);
    if (converted.kind === 'other') {
      summary.other_records++;
      continue;
    }
    if (converted.kind === 'unreadable') {
      unreadable(read.line, converted.reason);
      continue;
    }
    const hash = hashContent(read.record);
    const id = recordId(name, hash, occurrences.next(hash));
    const entry: Entry = { ...converted.entry, id };
    summary.calls++;
    noteTime(summary, entry.started_at);
    comparer.add(entry, read.line);
    batch.push(entry);
    if (batch.length >= batchSize) await deliver(read.end);
  }
  await deliver(totalBytes);
  return { ...summary, comparison: comparer.comparison, unpriced: comparer.unpriced };
}

async function chooseMapping(request: ImportFileRequest): Promise<Mapping> {
  if (request.mapping !== undefined) return readMapping(request.mapping);
  return findPreset(request.preset ?? '');
}

async function sizeOf(file: string): Promise<number> {
  try {
    const found = await stat(file);
    if (found.isFile()) return found.size;
  } catch (error) {
    throw new FarthingError('no_file', `Cannot read ${file}: ${(error as Error).message}.`, {
      cause: error,
    });
  }
  throw new FarthingError('no_file', `${file} is not a file.`);
}

function noteTime(summary: ImportSummary, at: string): void {
  if (summary.first_call_at === null || at < summary.first_call_at) summary.first_call_at = at;
  if (summary.last_call_at === null || at > summary.last_call_at) summary.last_call_at = at;
}
