import { listValue, type DuckDBValue } from '@duckdb/node-api';
import { FarthingError, type Window } from '@farthing/core';
import type { JournalPosition, SourcedRow } from '../store.js';
import { callRowColumns, readCallRow } from './call-row.js';
import type { Database } from './database.js';
import { Parameters } from './parameters.js';
import { within } from './time.js';
import { isUuid, readUuid } from './uuid.js';

const mostIds = 10_000;

/** The place of a row's line, beside the row's own columns. */
const placeColumns = 'journals.name, calls.segment, calls.line_offset';
const withPlace = 'calls JOIN journals ON journals.number = calls.journal';

export async function findCall(database: Database, id: string): Promise<SourcedRow | null> {
  if (!isUuid(id)) return null;
  const [row] = await database.read(
    `SELECT ${placeColumns}, ${rowColumns()} FROM ${withPlace} WHERE calls.id = $1`,
    [readUuid(id)],
  );
  return row === undefined ? null : readSourcedRow(row);
}

/** Where each of the ids that are in the books stands in the journals; keyed as the caller wrote them. */
export async function locateCalls(
  database: Database,
  ids: readonly string[],
  window?: Window,
): Promise<Map<string, JournalPosition>> {
  const wanted = readIds(ids);
  const found = new Map<string, JournalPosition>();
  if (wanted.size === 0) return found;
  const parameters = new Parameters();
  const rows = await database.read(
    `SELECT calls.id, ${placeColumns} FROM ${withPlace}
      WHERE ${amongIds('calls.id', wanted, window, parameters)}`,
    parameters.values,
  );
  for (const [id, ...place] of rows) found.set(wanted.get(String(id))!, readPlace(place));
  return found;
}

/** The adjustments of each of the ids that have any, in the order of their recording. */
export async function findAdjustments(
  database: Database,
  ids: readonly string[],
  window?: Window,
): Promise<Map<string, SourcedRow[]>> {
  const wanted = readIds(ids);
  const found = new Map<string, SourcedRow[]>();
  if (wanted.size === 0) return found;
  const parameters = new Parameters();
  const rows = await database.read(
    `SELECT ${placeColumns}, ${rowColumns()} FROM ${withPlace}
      WHERE calls.adjusts IS NOT NULL AND ${amongIds('calls.adjusts', wanted, window, parameters)}
      ORDER BY calls.recorded_at, calls.id`,
    parameters.values,
  );
  for (const values of rows) {
    const sourced = readSourcedRow(values);
    const id = wanted.get(sourced.row.adjusts!)!;
    const known = found.get(id);
    if (known === undefined) found.set(id, [sourced]);
    else known.push(sourced);
  }
  return found;
}

/** The ids as the database writes them, each with what the caller wrote; what is no id is left out. */
function readIds(ids: readonly string[]): Map<string, string> {
  if (ids.length > mostIds) {
    throw new FarthingError(
      'invalid_query',
      `${ids.length} ids at once; ask for at most ${mostIds} in one call.`,
    );
  }
  return new Map(ids.filter(isUuid).map((id) => [id.toLowerCase(), id]));
}

function amongIds(
  column: string,
  wanted: ReadonlyMap<string, string>,
  window: Window | undefined,
  parameters: Parameters,
): string {
  const list = parameters.add(listValue([...wanted.keys()]));
  const among = `${column} IN (SELECT unnest(${list}::VARCHAR[])::UUID)`;
  return window === undefined ? among : `${within(window, parameters)} AND ${among}`;
}

function rowColumns(): string {
  return callRowColumns
    .split(', ')
    .map((column) => `calls.${column}`)
    .join(', ');
}

function readSourcedRow([name, segment, offset, ...columns]: readonly DuckDBValue[]): SourcedRow {
  return { row: readCallRow(columns), position: readPlace([name!, segment!, offset!]) };
}

function readPlace([name, segment, offset]: readonly DuckDBValue[]): JournalPosition {
  return { journal: String(name), segment: Number(segment), offset: Number(offset) };
}
