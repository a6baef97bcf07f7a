import type { Mapping } from './mapping.js';
import { readCsvRecords } from './read-csv.js';
import type { SourceRecord } from './read-field.js';
import { readSourceLines } from './read-lines.js';

/** A record of a file with the line on which it begins, or the reason why that line holds none. */
export type ReadRecord = { line: number; end: number } & (
  | { record: SourceRecord }
  | { record: null; reason: string }
);

/** Streams the records of a file. A damaged line is reported and never stops the rest. */
export function readRecords(
  path: string,
  mapping: Pick<Mapping, 'format' | 'delimiter'>,
): AsyncGenerator<ReadRecord> {
  return mapping.format === 'csv'
    ? readCsvRecords(readSourceLines(path), mapping.delimiter ?? ',')
    : readJsonLines(path);
}

async function* readJsonLines(path: string): AsyncGenerator<ReadRecord> {
  for await (const source of readSourceLines(path)) {
    const { line, end } = source;
    if (source.text === null) {
      yield { line, end, record: null, reason: source.reason };
      continue;
    }
    if (source.text.trim() === '') continue;
    yield { line, end, ...parse(source.text) };
  }
}

function parse(text: string): { record: SourceRecord } | { record: null; reason: string } {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return { record: value as SourceRecord };
    }
    return { record: null, reason: 'not a JSON object' };
  } catch (error) {
    // The parser quotes what it stumbled over, which may be anybody's text: its first words will do.
    const message = (error as Error).message.replace(/[:,] ["'].*$/s, '').slice(0, 120);
    return { record: null, reason: `not JSON (${message})` };
  }
}
