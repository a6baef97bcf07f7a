import type { DuckDBValue } from '@duckdb/node-api';
import { formatUsd, type Measure } from '@farthing/core';

/** Whether a row of the source stands for one call or for many that have been added up. */
export type Shape = 'calls' | 'rollup';

export interface MeasureSql {
  sql: (shape: Shape) => string;
  decode: (value: DuckDBValue) => string | number | null;
  /** Not a sum, so only the calls themselves can tell. */
  callsOnly?: true;
}

const isCall = `kind = 'call'`;
const isRetry = `${isCall} AND attempt > 1`;
const isError = `${isCall} AND outcome IN ('error', 'interrupted')`;
const isUnattributed = 'tag_feature IS NULL';
/** The provider bills nothing for some calls, and what is passed through is not Farthing's to price. */
const hasPrice = `${isCall} AND cost_status <> 'not_billed' AND outcome <> 'unmetered'`;

/** How many calls meet the condition. */
function count(shape: Shape, condition: string): string {
  return shape === 'calls'
    ? `count(*) FILTER (WHERE ${condition})`
    : `coalesce(sum(entries) FILTER (WHERE ${condition}), 0)`;
}

/** How many calls that meet the condition have a value, by the column that counts them in roll-ups. */
function known(shape: Shape, column: string, counter: string, condition: string): string {
  return shape === 'calls'
    ? `count(${column}) FILTER (WHERE ${condition})`
    : `coalesce(sum(${counter}) FILTER (WHERE ${condition}), 0)`;
}

function priced(shape: Shape, condition: string): string {
  return known(shape, 'cost', 'priced', condition);
}

/**
 * A sum of money over the entries that meet the condition. Nothing to pay is 0, but when no entry has
 * a cost and some lack one, the sum is unknown: null.
 */
function money(column: string, condition = 'true'): MeasureSql {
  const lacking = `${condition} AND cost_status <> 'not_billed'`;
  return {
    sql: (shape) =>
      `CASE WHEN ${priced(shape, condition)} > 0 OR ${count(shape, lacking)} = 0
        THEN coalesce(sum(${column}) FILTER (WHERE ${condition}), 0) END`,
    decode: decodeMoney,
  };
}

function calls(condition: string): MeasureSql {
  return { sql: (shape) => count(shape, condition), decode: Number };
}

function tokens(...columns: string[]): MeasureSql {
  const sums = columns.map((column) => `coalesce(sum(${column}), 0)`);
  return { sql: () => sums.join(' + '), decode: Number };
}

/**
 * The nearest-rank percentile: the smallest value that at least that share of the calls does not
 * exceed. It is always a value that occurred, so a percentile of costs is the cost of some call.
 */
function percentile(column: string, share: string, decode: MeasureSql['decode']): MeasureSql {
  return {
    sql: () => `quantile_disc(${column}, ${share}) FILTER (WHERE ${isCall})`,
    decode,
    callsOnly: true,
  };
}

/** Rounded half-even to the picodollar, in integers, so that it orders and prints alike. */
function costAverage(shape: Shape): string {
  const sum = `(sum(cost) FILTER (WHERE ${isCall}))::HUGEINT`;
  const divisor = `(${priced(shape, isCall)})::HUGEINT`;
  // The remainder has the sum's sign, because integer division truncates.
  const remainder = `(${sum} % ${divisor})`;
  const quotient = `(${sum} // ${divisor})`;
  const twice = `(2 * abs(${remainder}))`;
  const away = `${twice} > ${divisor} OR (${twice} = ${divisor} AND ${quotient} % 2 <> 0)`;
  return `CASE WHEN ${divisor} = 0 THEN NULL
    ELSE ${quotient} + CASE WHEN ${away} THEN sign(${sum})::HUGEINT ELSE 0 END END`;
}

function costExtreme(aggregate: 'min' | 'max'): MeasureSql {
  return {
    sql: (shape) =>
      `${aggregate}(${shape === 'calls' ? 'cost' : `cost_${aggregate}`}) FILTER (WHERE ${isCall})`,
    decode: decodeMoney,
  };
}

function decodeMoney(value: DuckDBValue): string | null {
  return value === null ? null : formatUsd(BigInt(value as bigint));
}

function decodeNumber(value: DuckDBValue): number | null {
  return value === null ? null : Number(value);
}

/** How each measure is computed, over calls or roll-ups, and how its value leaves the store. */
export const measureSql: Record<Measure, MeasureSql> = {
  calls: calls(isCall),
  errors: calls(isError),
  retries: calls(isRetry),
  unpriced_calls: {
    sql: (shape) => `${count(shape, hasPrice)} - ${priced(shape, hasPrice)}`,
    decode: Number,
  },
  unattributed_calls: calls(`${isCall} AND ${isUnattributed}`),
  cost: money('cost'),
  cost_input_uncached: money('cost_input_uncached'),
  cost_cache_read: money('cost_cache_read'),
  cost_cache_write: money('cost_cache_write'),
  cost_input: money('cost_input_uncached + cost_cache_read + cost_cache_write'),
  cost_output: money('cost_output'),
  cost_other: money('cost_other'),
  reported_cost: {
    // What nobody reported is not zero, it is not known.
    sql: (shape) =>
      `CASE WHEN ${known(shape, 'cost_reported', 'reported', 'true')} > 0 THEN sum(cost_reported) END`,
    decode: decodeMoney,
  },
  unattributed_cost: money('cost', isUnattributed),
  retries_cost: money('cost', isRetry),
  cost_average: { sql: costAverage, decode: decodeMoney },
  cost_min: costExtreme('min'),
  cost_max: costExtreme('max'),
  cost_p50: percentile('cost', '0.50', decodeMoney),
  cost_p90: percentile('cost', '0.90', decodeMoney),
  cost_p95: percentile('cost', '0.95', decodeMoney),
  cost_p99: percentile('cost', '0.99', decodeMoney),
  tokens_input: tokens(
    'tokens_input_uncached',
    'tokens_cache_read',
    'tokens_cache_write',
    'tokens_cache_write_5m',
    'tokens_cache_write_1h',
  ),
  tokens_input_uncached: tokens('tokens_input_uncached'),
  tokens_cache_read: tokens('tokens_cache_read'),
  tokens_cache_write: tokens(
    'tokens_cache_write',
    'tokens_cache_write_5m',
    'tokens_cache_write_1h',
  ),
  tokens_output: tokens('tokens_output'),
  tokens_reasoning: tokens('tokens_reasoning'),
  duration_average: {
    sql: (shape) =>
      `(sum(duration_ms) FILTER (WHERE ${isCall}))::DOUBLE / nullif(${count(shape, isCall)}, 0)`,
    decode: decodeNumber,
  },
  duration_p50: percentile('duration_ms', '0.50', decodeNumber),
  duration_p95: percentile('duration_ms', '0.95', decodeNumber),
  first_byte_p50: percentile('first_byte_ms', '0.50', decodeNumber),
  first_byte_p95: percentile('first_byte_ms', '0.95', decodeNumber),
};
