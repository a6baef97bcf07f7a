import type { DuckDBValue } from '@duckdb/node-api';
import { FarthingError, type CostFloors } from '@farthing/core';
import type { CallSearch } from '../store.js';
import { callRowColumns } from './call-row.js';
import { aboveFloors } from './cost-floors.js';
import type { Database } from './database.js';
import { filterSql } from './dimensions.js';
import { Parameters } from './parameters.js';
import { anyAdjusted, withRunOutcome, type Scope } from './query-source.js';
import { standingSource } from './standing-source.js';
import { readWindow } from './time.js';

/**
 * The calls above their floors, as they stand, as rows of `callRowColumns`. Which they are is found from
 * few columns; only of those found are whole rows read, because carrying these through join and sort
 * takes several times as long. Throws `invalid_query` for a page that would go on (`after`): pages are
 * ordered by costs as booked.
 */
export async function searchAbove(
  database: Database,
  search: CallSearch,
  floors: CostFloors,
  order: string,
): Promise<DuckDBValue[][]> {
  const { window, filters = [], after, limit } = search;
  if (after !== undefined) {
    throw new FarthingError(
      'invalid_query',
      '`after` does not go with `above`: ask for more calls at once (`limit`).',
    );
  }
  const scope: Scope = { span: window === undefined ? null : readWindow(window), asOf: null };
  const question = new Parameters();
  const adjusted = await database.read(anyAdjusted(scope, question), question.values);
  const isAdjusted = adjusted.length > 0;

  const parameters = new Parameters();
  const above = aboveFloors(standingSource(scope, isAdjusted, parameters).sql, floors, parameters);
  const source = filters.some(({ dimension }) => dimension === 'run_outcome')
    ? withRunOutcome(above, null, parameters)
    : above;
  const conditions = filters.map((filter) => filterSql(filter, parameters));
  const found = await database.read(
    `SELECT id, started_at FROM (${source}) WHERE ${['true', ...conditions].join(' AND ')}
      ORDER BY ${order} LIMIT ${limit}`,
    parameters.values,
  );
  if (found.length === 0) return [];

  const places = new Parameters();
  const standing = standingSource(scope, isAdjusted, places).sql;
  const ids = found.map(([id]) => `${places.add(id!)}::UUID`);
  const times = found.map(([, time]) => `${places.add(time!)}::TIMESTAMP`);
  return database.read(
    `SELECT ${callRowColumns} FROM (${standing})
      WHERE started_at IN (${times.join(', ')}) AND id IN (${ids.join(', ')})
      ORDER BY ${order}`,
    places.values,
  );
}
