import type { DuckDBValue } from '@duckdb/node-api';
import {
  readMeasure,
  type BucketSize,
  type Measure,
  type Query,
  type QueryResult,
  type QueryRow,
} from '@farthing/core';
import { bucketOf } from './buckets.js';
import { measuresOverSums, sumByRun } from './by-run.js';
import {
  decodeDimension,
  dimensionColumn,
  dimensionSql,
  filterSql,
  isOfTime,
} from './dimensions.js';
import { measureSql, sumsOver } from './measures.js';
import { Parameters } from './parameters.js';
import {
  anyAdjusted,
  callsSource,
  querySource,
  restatedSource,
  withRunOutcome,
  type QuerySource,
} from './query-source.js';
import { aboveFloors } from './cost-floors.js';
import { readQuestion, scopeOf } from './question.js';
import { named, resultSql, type OutputColumn } from './result-sql.js';
import { standingSource } from './standing-source.js';
import { rollups, type Rollup } from './rollups.js';

export interface QueryPlan {
  sql: string;
  values: DuckDBValue[];
  from: QueryResult['from'];
  /** The statement asks for one row more, to know whether there are more. */
  limit: number;
  decode: (row: readonly DuckDBValue[]) => QueryRow;
}

export interface PlanOptions {
  /** Answer from the calls even where a roll-up could: for checks and benchmarks that compare both. */
  callsOnly?: boolean;
  /** The scope of the query holds adjusted calls (`adjustedInScope`). */
  adjusted?: boolean;
}

/**
 * The statement for a query. Roll-ups answer it when one has all its dimensions and filters and its
 * measures are sums; hours that the window cuts are then read from the calls. Everything else is
 * read from the calls.
 *
 * Texts are ordered by their UTF-8 bytes and null comes last in either direction. What was known at an earlier time, only the calls can tell, and
 * so can the least, the largest and percentiles of costs when calls were adjusted. Buckets without calls have no row; a query without
 * dimensions and bucket always has exactly one.
 */
export function planQuery(query: Query, options: PlanOptions = {}): QueryPlan {
  const {
    measures,
    dimensions,
    filters,
    bucket,
    limit,
    options: measureOptions,
  } = readQuestion(query);

  const used = [...dimensions, ...filters.map((filter) => filter.dimension)];
  const columnsUsed = used.filter((name) => !isOfTime(name)).map(dimensionColumn);
  const parameters = new Parameters();
  const source = sourceFor(query, options, parameters, () =>
    rollupFor(measures, columnsUsed, bucket),
  );
  const keys: OutputColumn[] = dimensions.map((name, index) => ({
    name,
    alias: `d${index}`,
    sql: dimensionSql(name, parameters, source.time),
    decode: decodeDimension(name),
  }));
  if (bucket !== null) {
    keys.unshift({ name: 'bucket', alias: 'bucket', ...bucketOf(bucket, source.time) });
  }
  const values: OutputColumn[] = measures.map((name, index) => ({
    name,
    alias: `m${index}`,
    sql: measureSql[name].sql(sumsOver[source.shape], measureOptions),
    decode: measureSql[name].decode,
  }));
  const conditions = filters.map((filter) => filterSql(filter, parameters, source.time));
  const columns = [...keys, ...values];
  let rows = `SELECT ${['*', ...keys.map(named)].join(', ')} FROM (${source.sql})
    WHERE ${['true', ...conditions].join(' AND ')}`;
  if (used.includes('run_outcome')) {
    const { asOf } = scopeOf(query);
    const isOutcome = (name: string) => name === 'run_outcome';
    const ofCalls = conditions.filter((_, index) => !isOutcome(filters[index]!.dimension));
    const ofRuns = conditions.filter((_, index) => isOutcome(filters[index]!.dimension));
    // A run has an outcome only where a call has a run.
    if (
      filters.some(
        ({ dimension, op, values: listed }) =>
          isOutcome(dimension) && op === 'in' && !listed.includes(null),
      )
    ) {
      ofCalls.push('tag_run IS NOT NULL');
    }
    const sums = source.shape === 'calls' ? measuresOverSums(measures, measureOptions) : null;
    const keysOfCalls = keys.filter(({ name }) => !isOutcome(name));
    const outcome = keys.filter(({ name }) => isOutcome(name));
    const inner =
      sums === null
        ? `SELECT ${['*', ...keysOfCalls.map(named)].join(', ')} FROM (${source.sql})
          WHERE ${['true', ...ofCalls].join(' AND ')}`
        : sumByRun(source.sql, keysOfCalls, sums.sums, ofCalls);
    sums?.sql.forEach((sql, index) => (values[index]!.sql = sql));
    const runs = conditions.filter((_, index) => filters[index]!.dimension === 'run');
    rows = `SELECT ${['*', ...outcome.map(named)].join(', ')}
      FROM (${withRunOutcome(inner, asOf, parameters, runs)})
      WHERE ${['true', ...ofRuns].join(' AND ')}`;
  }

  return {
    sql: resultSql(query, rows, keys, values, limit),
    values: parameters.values,
    from: source.from,
    limit,
    decode: (row) =>
      Object.fromEntries(columns.map(({ name, decode }, index) => [name, decode(row[index]!)])),
  };
}

/**
 * The question whether the query needs to know of adjusted calls, or null when that makes no
 * difference: when any row comes back, the query is planned as `adjusted`.
 */
export function adjustedInScope(query: Query): { sql: string; values: DuckDBValue[] } | null {
  if (
    query.above === undefined &&
    !query.measures.some((name) => measureSql[readMeasure(name)].restates)
  )
    return null;
  const parameters = new Parameters();
  return { sql: anyAdjusted(scopeOf(query), parameters), values: parameters.values };
}

function sourceFor(
  query: Query,
  options: PlanOptions,
  parameters: Parameters,
  rollup: () => Rollup | undefined,
): QuerySource {
  const scope = scopeOf(query);
  if (query.above !== undefined) {
    const standing = standingSource(scope, options.adjusted === true, parameters);
    return { ...standing, sql: aboveFloors(standing.sql, query.above, parameters) };
  }
  if (options.adjusted === true) return restatedSource(scope, parameters);
  if (options.callsOnly === true || scope.asOf !== null) return callsSource(scope, parameters);
  return querySource(rollup(), scope.span, parameters);
}

/** The first roll-up that can answer; they are listed from the one that answers fastest. */
function rollupFor(
  measures: Measure[],
  columns: (string | null)[],
  bucket: BucketSize | null,
): Rollup | undefined {
  if (bucket === 'minute' || measures.some((name) => measureSql[name].callsOnly)) return undefined;
  return rollups.find(({ keys }) =>
    columns.every((column) => column !== null && keys.includes(column)),
  );
}
