import { outcomeApi, outcomeTag, type QueryResult } from '@farthing/core';
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

/** Which entries a query is about, by their times. */
export interface Scope {
  /** When the calls began; null is always. */
  span: Span | null;
  /** Milliseconds since 1970: only what was recorded until then, the moment itself included. */
  asOf: number | null;
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
  if (rollup !== undefined) {
    if (span === null) {
      return { sql: rollupRows(rollup, 'true'), time: '"hour"', shape: 'rollup', from: 'rollup' };
    }
    const { hours, edges } = splitHours(span);
    if (hours !== null) {
      const parts = [
        rollupRows(rollup, within('"hour"', hours, parameters)),
        ...edges.map((edge) =>
          foldCalls(rollup, `calls WHERE ${within('started_at', edge, parameters)}`),
        ),
      ];
      return {
        sql: parts.join(' UNION ALL '),
        time: '"hour"',
        shape: 'rollup',
        from: edges.length === 0 ? 'rollup' : 'both',
      };
    }
  }
  return callsSource({ span, asOf: null }, parameters);
}

/** The entries of a scope, one by one. */
export function callsSource(scope: Scope, parameters: Parameters): QuerySource {
  return {
    sql: `SELECT * FROM calls WHERE ${inScope(scope, parameters)}`,
    time: 'started_at',
    shape: 'calls',
    from: 'calls',
  };
}

/**
 * The entries of a scope, calls with their cost after all adjustments of the scope as `restated_cost`:
 * null where it is unknown now, and for what is no call. An adjustment has the start of its call, so
 * that the scope holds both or neither.
 */
export function restatedSource(scope: Scope, parameters: Parameters): QuerySource {
  const condition = inScope(scope, parameters);
  return {
    sql: `SELECT calls.*,
        CASE WHEN NOT adjustment AND known_change + coalesce(known_later, 0) > 0
          THEN TRY_CAST(coalesce(cost, 0) + coalesce(cost_later, 0) AS BIGINT) END AS restated_cost
      FROM calls LEFT JOIN (
        SELECT adjusts AS adjusted, sum(known_change) AS known_later, sum(cost) AS cost_later
        FROM calls WHERE adjusts IS NOT NULL AND ${condition} GROUP BY adjusts
      ) ON id = adjusted
      WHERE ${condition}`,
    time: 'started_at',
    shape: 'restated',
    from: 'calls',
  };
}

/**
 * The rows of a source with what became of their runs, as `run_outcome`: the latest record of each run,
 * whenever it was made, as far as it was known at the time asked for.
 *
 * @param ofRuns what all runs of the source meet: others are not looked at.
 */
export function withRunOutcome(
  sql: string,
  asOf: number | null,
  parameters: Parameters,
  ofRuns: readonly string[] = [],
): string {
  return `SELECT source_rows.*, run_outcome FROM (${sql}) AS source_rows LEFT JOIN (
      SELECT tag_run AS outcome_run,
        arg_max(custom['${outcomeTag}'], (started_at, id)) AS run_outcome
      FROM calls
      WHERE api = '${outcomeApi}' AND NOT adjustment AND tag_run IS NOT NULL
        AND ${[inScope({ span: null, asOf }, parameters), ...ofRuns].join(' AND ')}
      GROUP BY tag_run
    ) ON tag_run = outcome_run`;
}

/** Whether the scope holds adjustments of calls: the question that comes before `restatedSource`. */
export function anyAdjusted(scope: Scope, parameters: Parameters): string {
  return `SELECT 1 FROM calls WHERE adjusts IS NOT NULL AND ${inScope(scope, parameters)} LIMIT 1`;
}

export function inScope({ span, asOf }: Scope, parameters: Parameters): string {
  const conditions: string[] = [];
  if (span !== null) conditions.push(within('started_at', span, parameters));
  if (asOf !== null) conditions.push(`recorded_at <= ${parameters.add(timestamp(asOf))}`);
  return conditions.length === 0 ? 'true' : conditions.join(' AND ');
}

function within(column: string, { from, to }: Span, parameters: Parameters): string {
  return `${column} >= ${parameters.add(timestamp(from))} AND ${column} < ${parameters.add(timestamp(to))}`;
}
