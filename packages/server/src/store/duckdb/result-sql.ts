import type { DuckDBValue } from '@duckdb/node-api';
import type { Query } from '@farthing/core';
import type { Over } from './by-run.js';
import { invalid } from './question.js';

/** A column of the result: its name outside, its alias inside, and how its values leave the store. */
export interface OutputColumn {
  name: string;
  alias: string;
  sql: string;
  decode: (value: DuckDBValue) => string | number | null;
}

/**
 * The rows of a source, which has the keys by their aliases, as groups in the order asked for; what that
 * leaves open is settled by the remaining columns, so that the same question always has the same answer.
 * One row more than the limit, to know whether there are more.
 *
 * @param over `rows` where each row of the source is a group already, and the values are of a row.
 */
export function resultSql(
  query: Query,
  rows: string,
  keys: readonly OutputColumn[],
  values: readonly OutputColumn[],
  limit: number,
  over: Over = 'groups',
): string {
  const isGrouped = keys.length > 0 && over === 'groups';
  return `SELECT ${[...keys.map(({ alias }) => alias), ...values.map(named)].join(', ')}
      FROM (${rows})
      ${isGrouped ? `GROUP BY ${keys.map(({ alias }) => alias).join(', ')}` : ''}
      ORDER BY ${orderSql(query, keys, values)}
      LIMIT ${limit + 1}`;
}

export function named({ sql, alias }: OutputColumn): string {
  return `${sql} AS ${alias}`;
}

function orderSql(
  query: Query,
  keys: readonly OutputColumn[],
  values: readonly OutputColumn[],
): string {
  const columns = [...keys, ...values];
  const order = query.order ?? [];
  const terms = order.map(({ by, direction }) => {
    const column = columns.find(({ name }) => name === by);
    if (column === undefined) {
      throw invalid(
        `\`order\` names ${JSON.stringify(by)}, which is not in the result. Add it to \`measures\` or \`dimensions\`, or order by ${columns.map(({ name }) => name).join(', ')}.`,
      );
    }
    if (direction !== 'asc' && direction !== 'desc') {
      throw invalid(`\`order.direction\` is ${JSON.stringify(direction)}; use asc or desc.`);
    }
    return `${column.alias} ${direction === 'asc' ? 'ASC' : 'DESC'} NULLS LAST`;
  });
  if (order.length === 0) {
    if (keys[0]?.name === 'bucket') terms.push('bucket ASC');
    terms.push('m0 DESC NULLS LAST');
  }
  return [...terms, ...keys.map(({ alias }) => `${alias} ASC NULLS LAST`)].join(', ');
}
