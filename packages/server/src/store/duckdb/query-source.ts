import type { QueryResult } from '@farthing/core';
import type { Shape } from './measures.js';
import type { Parameters } from './parameters.js';
import { foldCalls, rollupRows, type Rollup } from './rollups.js';
import { splitHours, timestamp, type Span } from './time.js';

/** What a query's rows come from: a SELECT, the column that tells the time, and what its rows are. */
export interface QuerySource {
  sql: string;
  time: string;
  shape: Shape;
  from: QueryResult['from'];
}

/**
 * The whole hours of the span from the roll-up, what is cut off at its ends from the calls. Without a
 * roll-up, or without a whole hour, the calls alone.
 */
export function querySource(
  rollup: Rollup | undefined,
  span: Span | null,
  parameters: Parameters,
): QuerySource {
  const within = (column: string, { from, to }: Span): string =>
    `${column} >= ${parameters.add(timestamp(from))} AND ${column} < ${parameters.add(timestamp(to))}`;

  if (rollup !== undefined) {
    if (span === null) {
      return { sql: rollupRows(rollup, 'true'), time: '"hour"', shape: 'rollup', from: 'rollup' };
    }
    const { hours, edges } = splitHours(span);
    if (hours !== null) {
      const parts = [
        rollupRows(rollup, within('"hour"', hours)),
        ...edges.map((edge) => foldCalls(rollup, `calls WHERE ${within('started_at', edge)}`)),
      ];
      return {
        sql: parts.join(' UNION ALL '),
        time: '"hour"',
        shape: 'rollup',
        from: edges.length === 0 ? 'rollup' : 'both',
      };
    }
  }
  const condition = span === null ? 'true' : within('started_at', span);
  return {
    sql: `SELECT * FROM calls WHERE ${condition}`,
    time: 'started_at',
    shape: 'calls',
    from: 'calls',
  };
}
