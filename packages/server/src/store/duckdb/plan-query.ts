import type { DuckDBValue } from '@duckdb/node-api';
import {
  FarthingError,
  defaultDriftThreshold,
  driftMillionths,
  readBucket,
  readMeasure,
  type BucketSize,
  type Measure,
  type Query,
  type QueryResult,
  type QueryRow,
} from '@farthing/core';
import { bucketOf } from './buckets.js';
import { measuresOverRuns, sumByRun } from './by-run.js';
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
  type Scope,
} from './query-source.js';
import { aboveFloors } from './cost-floors.js';
import { standingSource } from './standing-source.js';
import { rollups, type Rollup } from './rollups.js';
import { readAsOf, readWindow } from './time.js';

const defaultLimit = 1000;
const highestLimit = 100_000;

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

/** A column of the result: its name outside, its alias inside, and how its values leave the store. */
interface OutputColumn {
  name: string;
  alias: string;
  sql: string;
  decode: (value: DuckDBValue) => string | number | null;
}

/**
 * The statement for a query. Roll-ups answer it when one has all its dimensions and filters and its
 * measures are sums; hours that the window cuts are then read from the calls. Everything else is
 * read from the calls.
 *
 * Rows come in the order asked for; what that leaves open is settled by the remaining columns, so
 * that the same question always has the same answer. Texts are ordered by their UTF-8 bytes and
 * null comes last in either direction. What was known at an earlier time, only the calls can tell, and
 * so can the least, the largest and percentiles of costs when calls were adjusted. Buckets without calls have no row; a query without
 * dimensions and bucket always has exactly one.
 */
export function planQuery(query: Query, options: PlanOptions = {}): QueryPlan {
  const measures = unique(query.measures.map(readMeasure));
  if (measures.length === 0) throw invalid('`measures` is empty. Ask for at least one, e.g. cost.');
  const dimensions = unique(query.dimensions ?? []);
  const filters = query.filters ?? [];
  const bucket = query.bucket === undefined ? null : readBucket(query.bucket);
  const limit = readLimit(query.limit);
  const measureOptions = {
    driftMillionths: readDriftThreshold(query.drift_threshold),
    tokenCap: readTokenCap(query.token_cap),
  };

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
    const sums = source.shape === 'calls' ? measuresOverRuns(measures, measureOptions) : null;
    const keysOfCalls = keys.filter(({ name }) => !isOutcome(name));
    const outcome = keys.filter(({ name }) => isOutcome(name));
    const inner =
      sums === null
        ? `SELECT ${['*', ...keysOfCalls.map(named)].join(', ')} FROM (${source.sql})
          WHERE ${['true', ...ofCalls].join(' AND ')}`
        : sumByRun(source.sql, keysOfCalls, sums.additives, ofCalls);
    sums?.sql.forEach((sql, index) => (values[index]!.sql = sql));
    rows = `SELECT ${['*', ...outcome.map(named)].join(', ')}
      FROM (${withRunOutcome(inner, asOf, parameters)})
      WHERE ${['true', ...ofRuns].join(' AND ')}`;
  }

  return {
    sql: `SELECT ${[...keys.map(({ alias }) => alias), ...values.map(named)].join(', ')}
      FROM (${rows})
      ${keys.length === 0 ? '' : `GROUP BY ${keys.map(({ alias }) => alias).join(', ')}`}
      ORDER BY ${orderSql(query, keys, values)}
      LIMIT ${limit + 1}`,
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

function scopeOf(query: Query): Scope {
  return {
    span: query.window === undefined ? null : readWindow(query.window),
    asOf: query.as_of === undefined ? null : readAsOf(query.as_of),
  };
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

function orderSql(query: Query, keys: OutputColumn[], values: OutputColumn[]): string {
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

function named({ sql, alias }: OutputColumn): string {
  return `${sql} AS ${alias}`;
}

function readLimit(limit: number = defaultLimit): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= highestLimit) return limit;
  throw invalid(`\`limit\` is ${limit}; use a whole number from 1 to ${highestLimit}.`);
}

function readDriftThreshold(threshold: number = defaultDriftThreshold): bigint {
  try {
    return driftMillionths(threshold);
  } catch (error) {
    throw invalid(`\`drift_threshold\`: ${(error as Error).message}.`);
  }
}

function readTokenCap(cap: number = 0): number {
  if (Number.isSafeInteger(cap) && cap >= 0) return cap;
  throw invalid(`\`token_cap\` is ${cap}; use a whole number of tokens, 0 or more.`);
}

function unique<T>(items: readonly T[]): T[] {
  return [...new Set(items)];
}

function invalid(message: string): FarthingError {
  return new FarthingError('invalid_query', message);
}
