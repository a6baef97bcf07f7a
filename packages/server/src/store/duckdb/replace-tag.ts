import type { DuckDBValue } from '@duckdb/node-api';
import { tagNames } from '@farthing/core';
import { tagColumn } from './columns.js';
import type { Database } from './database.js';
import { Parameters } from './parameters.js';
import { rollups } from './rollups.js';

/** Gives another value to a tag, in the calls and in every roll-up that goes by it. */
export async function replaceTag(
  database: Database,
  name: string,
  from: readonly string[],
  to: string | null,
): Promise<number> {
  if (from.length === 0) return 0;
  const isOwn = (tagNames as readonly string[]).includes(name);
  return database.write(async ({ rows }) => {
    if (!isOwn) return changed(await rows(...replaceCustom(name, from, to)));
    const column = tagColumn(name as (typeof tagNames)[number]);
    const tables = rollups.filter(({ keys }) => keys.includes(column)).map(({ table }) => table);
    for (const table of tables) await rows(...replaceColumn(table, column, from, to));
    return changed(await rows(...replaceColumn('calls', column, from, to)));
  });
}

type Statement = [sql: string, values: DuckDBValue[]];

function replaceColumn(
  table: string,
  column: string,
  from: readonly string[],
  to: string | null,
): Statement {
  const parameters = new Parameters();
  const value = `${parameters.add(to)}::VARCHAR`;
  const listed = from.map((text) => parameters.add(text)).join(', ');
  return [
    `UPDATE ${table} SET ${column} = ${value} WHERE ${column} IN (${listed})`,
    parameters.values,
  ];
}

function replaceCustom(name: string, from: readonly string[], to: string | null): Statement {
  const parameters = new Parameters();
  const key = `${parameters.add(name)}::VARCHAR`;
  const others = `list_filter(map_entries(custom), lambda member: member.key <> ${key})`;
  const members =
    to === null
      ? others
      : `list_append(${others}, {'key': ${key}, 'value': ${parameters.add(to)}::VARCHAR})`;
  const listed = from.map((text) => parameters.add(text)).join(', ');
  return [
    `UPDATE calls SET custom = map_from_entries(${members}) WHERE custom[${key}] IN (${listed})`,
    parameters.values,
  ];
}

/** DuckDB answers a change with one row: how many it changed. */
function changed(rows: DuckDBValue[][]): number {
  return Number(rows[0]?.[0] ?? 0);
}
