import { stat } from 'node:fs/promises';
import { FarthingError } from '@farthing/core';
import { suggestMapping } from './inline-mapping.js';
import { delimiterOf, splitRecord } from './read-csv.js';
import { parseRecord, type JsonRecord } from './parse-json.js';
import type { ImportPorts } from './ports.js';
import { isPage, readBeginning, sniffFormat } from './sniff-format.js';

/** Kinds of sources that Farthing knows by name. */
export const kindNames = [
  'claude-code',
  'codex',
  'litellm',
  'helicone',
  'langfuse',
  'openai-usage',
  'anthropic-usage',
  'journals',
  'archive',
  'aider',
  'azure-trace',
] as const;
export type KindName = (typeof kindNames)[number];

const mostRecords = 50;

/** The first records of a file, as far as they can be read, and those of pages in it. */
export async function firstRecords(
  file: string,
  ports: Pick<ImportPorts, 'readParquet'>,
): Promise<JsonRecord[]> {
  const records = await outerRecords(file, ports);
  return records.flatMap((record) =>
    isPage(record) ? [record, ...(record['data'] as JsonRecord[])] : [record],
  );
}

async function outerRecords(
  file: string,
  ports: Pick<ImportPorts, 'readParquet'>,
): Promise<JsonRecord[]> {
  const format = await sniffFormat(file);
  if (format === 'parquet') {
    if (ports.readParquet === undefined) return [];
    for await (const rows of ports.readParquet(file)) return rows.slice(0, mostRecords);
    return [];
  }
  const text = (await readBeginning(file)).toString('utf8').replace(/^\uFEFF/, '');
  if (format === 'json') return recordsIn(text);
  const lines = text.split(/\r?\n/).slice(0, mostRecords);
  if (format === 'jsonl') {
    return lines.flatMap<JsonRecord>((line) => parseRecord(line).record ?? []);
  }
  const header = splitRecord(lines[0] ?? '', delimiterOf(lines[0] ?? '')) ?? [];
  return header.length < 2 ? [] : [Object.fromEntries(header.map((name) => [name.trim(), '']))];
}

/** Of a JSON document that may be longer than what was read: its first objects. */
function recordsIn(text: string): JsonRecord[] {
  const whole = parseRecord(text).record;
  if (whole !== null) return [whole];
  const found: JsonRecord[] = [];
  for (let start = text.indexOf('{', 1); start > 0 && found.length < 5;) {
    let end = start;
    let record: JsonRecord | null = null;
    for (let tries = 0; tries < 400 && record === null; tries++) {
      end = text.indexOf('}', end + 1);
      if (end < 0) return found;
      record = parseRecord(text.slice(start, end + 1)).record;
    }
    if (record === null) return found;
    found.push(record);
    start = text.indexOf('{', end);
  }
  return found;
}

/** What kind of source a record shows its file to be; null when it could be anything. */
export function kindOf(record: JsonRecord): KindName | null {
  const has = (...keys: string[]) => keys.every((key) => Object.hasOwn(record, key));
  const { type } = record;
  if (type === 'segment' && has('schema', 'journal')) return 'journals';
  if (record['event'] === 'llm.cost.tracked' && has('schema', 'id', 'cost')) return 'archive';
  if (has('payload') && ['session_meta', 'turn_context', 'event_msg'].includes(String(type))) {
    return 'codex';
  }
  if (has('sessionId') && (has('message', 'timestamp') || has('uuid'))) return 'claude-code';
  if (type === 'summary' && has('leafUuid')) return 'claude-code';
  if (record['event'] === 'message_send' && has('properties')) return 'aider';
  if (has('request_id', 'call_type', 'spend') && has('startTime')) return 'litellm';
  if (has('request_id', 'request_created_at')) return 'helicone';
  if (has('traceId', 'startTime') && (has('type') || has('usageDetails'))) return 'langfuse';
  if (has('TIMESTAMP', 'ContextTokens', 'GeneratedTokens')) return 'azure-trace';
  if (record['object'] === 'bucket' && has('start_time', 'results')) return 'openai-usage';
  if (has('starting_at', 'ending_at', 'results')) return 'anthropic-usage';
  return null;
}

/**
 * The kind of a file by what stands in it. Throws `unknown_kind` with the columns that it has and a
 * mapping to start from, and `ambiguous_kind` where its records speak for several.
 */
export async function recogniseFile(
  file: string,
  ports: Pick<ImportPorts, 'readParquet'>,
): Promise<KindName> {
  if (!(await stat(file)).isFile()) throw notAFile(file);
  const records = await firstRecords(file, ports);
  const kinds = new Set(records.flatMap((record) => kindOf(record) ?? []));
  const [kind, ...others] = kinds;
  if (kind !== undefined && others.length === 0) return kind;
  if (kind !== undefined) {
    throw new FarthingError(
      'unknown_kind',
      `${file} could be any of ${[kind, ...others].join(', ')}. Say which: farthing import ${kind} ${file}.`,
    );
  }
  throw new FarthingError(
    'unknown_kind',
    `${file} is of no kind that Farthing knows. ${hint(file, records)}`,
  );
}

function hint(file: string, records: readonly JsonRecord[]): string {
  const columns = [...new Set(records.slice(0, 20).flatMap((record) => columnsOf(record)))];
  const kinds = `Kinds: ${kindNames.join(', ')}.`;
  if (columns.length === 0) return `No record could be read from its beginning. ${kinds}`;
  const { map, missing } = suggestMapping(columns);
  const listed = columns.slice(0, 40).join(', ');
  const rest = columns.length > 40 ? ` and ${columns.length - 40} more` : '';
  const gaps = missing.length === 0 ? '' : ` Replace each ? by a column, or leave it out.`;
  return `Its columns are ${listed}${rest}. Say what they hold, e.g.\n  farthing import ${file} --map "${map}"\n${kinds}${gaps}`;
}

/** The fields of a record as a mapping would name them, to three levels. */
function columnsOf(record: JsonRecord, prefix = '', depth = 1): string[] {
  return Object.entries(record).flatMap(([key, value]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value) && depth < 3
      ? columnsOf(value as JsonRecord, `${prefix}${key}.`, depth + 1)
      : [`${prefix}${key}`],
  );
}

function notAFile(file: string): FarthingError {
  return new FarthingError('no_file', `${file} is not a file.`);
}
