import { FarthingError, type CallRow, type Window } from '@farthing/core';
import type { CallSearch } from '../store.js';
import { callRowColumns, readCallRow } from './call-row.js';
import type { Database } from './database.js';
import { filterSql } from './dimensions.js';
import { Parameters } from './parameters.js';
import { withRunOutcome } from './query-source.js';
import { searchAbove } from './search-above.js';
import { timestamp, within } from './time.js';
import { isUuid, readUuid } from './uuid.js';

const highestLimit = 1000;
const mostTagKeys = 1000;

/** The id settles what equal times and costs leave open, so that no page skips or repeats a call. */
const orders: Record<CallSearch['order'], string> = {
  newest: 'started_at DESC, id DESC',
  oldest: 'started_at ASC, id ASC',
  dearest: 'cost DESC NULLS LAST, started_at DESC, id DESC',
};

export async function searchCalls(database: Database, search: CallSearch): Promise<CallRow[]> {
  const { limit, order } = search;
  if (!Number.isInteger(limit) || limit < 1 || limit > highestLimit) {
    throw invalid(`\`limit\` is ${limit}; use a whole number from 1 to ${highestLimit}.`);
  }
  if (!Object.hasOwn(orders, order)) {
    throw invalid(`\`order\` is ${JSON.stringify(order)}; use newest, oldest or dearest.`);
  }
  if (search.above !== undefined) {
    const rows = await searchAbove(database, search, search.above, orders[order]);
    return rows.map(readCallRow);
  }
  const parameters = new Parameters();
  const source = (search.filters ?? []).some(({ dimension }) => dimension === 'run_outcome')
    ? `(${withRunOutcome('SELECT * FROM calls', null, parameters)})`
    : 'calls';
  const conditions = (search.filters ?? []).map((filter) => filterSql(filter, parameters));
  if (search.window !== undefined) conditions.push(within(search.window, parameters));
  if (search.after !== undefined) {
    conditions.push(await afterSql(database, order, search.after, parameters));
  }
  const dearest: Scanned = { source, conditions, parameters };
  if (order === 'dearest') conditions.push(await dearestSql(database, dearest, limit));
  const rows = await database.read(
    `SELECT ${callRowColumns} FROM ${source} WHERE ${['true', ...conditions].join(' AND ')}
      ORDER BY ${orders[order]} LIMIT ${limit}`,
    parameters.values,
  );
  return rows.map(readCallRow);
}

/** Where rows are looked for, and which of them. */
interface Scanned {
  source: string;
  conditions: readonly string[];
  parameters: Parameters;
}

/**
 * Narrows to the calls that cost at least as much as the page's last one. Finding that cost takes one
 * narrow column; sorting whole rows of millions of calls would take twenty times as long.
 */
async function dearestSql(
  database: Database,
  { source, conditions, parameters }: Scanned,
  limit: number,
): Promise<string> {
  const [row] = await database.read(
    `SELECT count(cost), min(cost) FROM (
      SELECT cost FROM ${source} WHERE ${['true', ...conditions].join(' AND ')}
      ORDER BY cost DESC NULLS LAST LIMIT ${limit})`,
    parameters.values,
  );
  const [priced, least] = row!;
  // A page that reaches the calls without a cost has no such bound.
  return Number(priced) < limit ? 'true' : `cost >= ${parameters.add(least!)}`;
}

/** The place after the last row of the previous page, in the given order. */
async function afterSql(
  database: Database,
  order: CallSearch['order'],
  after: NonNullable<CallSearch['after']>,
  parameters: Parameters,
): Promise<string> {
  const start = Date.parse(after.started_at);
  if (!isUuid(after.id) || Number.isNaN(start)) {
    throw invalid('`after` needs the `id` and `started_at` of the previous page’s last row.');
  }
  const place = `(${parameters.add(timestamp(start))}::TIMESTAMP, ${parameters.add(readUuid(after.id))}::UUID)`;
  if (order === 'oldest') return `(started_at, id) > ${place}`;
  const later = `(started_at, id) < ${place}`;
  if (order === 'newest') return later;

  const [row] = await database.read('SELECT cost FROM calls WHERE started_at = $1 AND id = $2', [
    timestamp(start),
    readUuid(after.id),
  ]);
  if (row === undefined)
    throw invalid(`\`after\` names call ${after.id}, which is not in the books.`);
  const cost = row[0] as bigint | null;
  if (cost === null) return `(cost IS NULL AND ${later})`;
  const bound = parameters.add(cost);
  return `(cost < ${bound} OR cost IS NULL OR (cost = ${bound} AND ${later}))`;
}

export async function findTagKeys(database: Database, window?: Window): Promise<string[]> {
  const parameters = new Parameters();
  const condition = window === undefined ? 'true' : within(window, parameters);
  const rows = await database.read(
    `SELECT DISTINCT unnest(map_keys(custom)) AS key FROM calls WHERE ${condition}
      ORDER BY key LIMIT ${mostTagKeys}`,
    parameters.values,
  );
  return rows.map(([key]) => String(key));
}

function invalid(message: string): FarthingError {
  return new FarthingError('invalid_query', message);
}
