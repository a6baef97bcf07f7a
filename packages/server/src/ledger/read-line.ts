import { entrySchema, type Entry } from '@farthing/core';
import { checkEntry } from './check-entry.js';

/** What a journal line means to the ledger. `at` is when it was written, where the line says so. */
export type LineReading =
  | { type: 'entry'; entry: Entry; at: number | null }
  /** A line that is right and has nothing to book: the head of a segment, the start of a call, one that is left to another meter. */
  | { type: 'nothing'; at: number | null }
  | { type: 'unreadable'; reason: string }
  | { type: 'too_new'; schema: number };

/** How lines begin that have nothing to book, as every writer of this schema spells them. */
const openedBeginning = `{"type":"opened","schema":${entrySchema},`;

/** Reads one line of a journal. Never throws: a bad line is a finding, not a failure. */
export function readLine(text: string): LineReading {
  // Half of all lines: there is no need to parse them.
  if (text.startsWith(openedBeginning)) return { type: 'nothing', at: null };
  let line: unknown;
  try {
    line = JSON.parse(text);
  } catch {
    return { type: 'unreadable', reason: 'not JSON' };
  }
  if (typeof line !== 'object' || line === null || Array.isArray(line)) {
    return { type: 'unreadable', reason: 'not a JSON object' };
  }
  const fields = line as Record<string, unknown>;
  switch (fields['type']) {
    case 'segment':
      return versioned(fields, fields['created_at']);
    case 'opened':
      return versioned(fields, fields['started_at']);
    case 'withdrawn':
      return versioned(fields, null);
    case 'closed':
      return readClosed(fields['entry']);
    default:
      return {
        type: 'unreadable',
        reason: `unknown line type ${JSON.stringify(fields['type'])?.slice(0, 40) ?? '(none)'}`,
      };
  }
}

function versioned(line: Record<string, unknown>, time: unknown): LineReading {
  const version = readVersion(line['schema']);
  return version ?? { type: 'nothing', at: readTime(time) };
}

function readClosed(entry: unknown): LineReading {
  const schema = typeof entry === 'object' && entry !== null ? (entry as Entry).schema : null;
  const version = readVersion(schema);
  if (version !== null) return version;
  const wrong = checkEntry(entry);
  if (wrong !== null) return { type: 'unreadable', reason: wrong };
  return { type: 'entry', entry: entry as Entry, at: readTime((entry as Entry).ended_at) };
}

/** Null when this Farthing knows the schema. */
function readVersion(schema: unknown): LineReading | null {
  if (typeof schema !== 'number' || !Number.isInteger(schema) || schema < 1) {
    return { type: 'unreadable', reason: '`schema` is not a whole number from 1' };
  }
  return schema > entrySchema ? { type: 'too_new', schema } : null;
}

function readTime(value: unknown): number | null {
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? null : time;
}
