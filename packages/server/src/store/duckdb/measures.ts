import type { DuckDBValue } from '@duckdb/node-api';
import { formatUsd, leastComparedEstimate, type Measure, type TagName } from '@farthing/core';
import { tagColumn } from './columns.js';
import { isCall, sumsOverCalls, sumsOverRollup, type Sum } from './rollups.js';
import { isoTime } from './time.js';

/**
 * What a measure is made of: sums, as aggregates over calls or over roll-ups, and the column
 * with what a call costs by itself.
 */
type Sums = Record<Sum | 'cost_of_call', string>;

/** What else a query says that measures go by. */
export interface MeasureOptions {
  /** Millionths of its estimate that a cost may lie off. */
  driftMillionths: bigint;
  /** Tokens of a call that are not over. */
  tokenCap: number;
}

/**
 * What the rows are that a query reads: calls, calls with a column `restated_cost` beside their cost
 * as booked, or rows of a roll-up.
 */
export type Shape = 'calls' | 'restated' | 'rollup';

export interface MeasureSql {
  sql: (sums: Sums, options: MeasureOptions) => string;
  decode: (value: DuckDBValue) => string | number | null;
  /** Not a sum, so only the calls themselves can tell. */
  callsOnly?: true;
  /** Not a sum of costs, so that every adjusted call must be restated before it is asked. */
  restates?: true;
}

const shares = ['0.50', '0.90', '0.95', '0.99'] as const;

export const sumsOver: Record<Shape, Sums> = {
  calls: { ...sumsOverCalls, cost_of_call: 'cost' },
  restated: {
    ...sumsOverCalls,
    cost_min: 'min(restated_cost)',
    cost_max: 'max(restated_cost)',
    cost_of_call: 'restated_cost',
  },
  // Never asked for: a percentile is no sum.
  rollup: { ...sumsOverRollup, cost_of_call: 'NULL' },
};

function number(...names: Sum[]): MeasureSql {
  return { sql: (sums) => names.map((name) => sums[name]).join(' + '), decode: Number };
}

/**
 * A sum of money. Nothing to pay is 0, but when no call has a cost and some lack one, the sum is
 * unknown: null. Adjustments without their calls (by `source`) are differences, and those are known.
 * All sums are those of the same entries.
 */
function money(
  names: Sum[],
  priced: Sum = 'priced',
  unknown: Sum = 'unknown',
  calls: Sum = 'calls',
): MeasureSql {
  return {
    sql: (sums) =>
      `CASE WHEN ${sums[priced]} > 0 OR ${sums[unknown]} <= 0 OR ${sums[calls]} = 0
        THEN (${names.map((name) => sums[name]).join(' + ')})::HUGEINT END`,
    decode: decodeMoney,
  };
}

/**
 * The nearest-rank percentile: the smallest value that at least that share of the calls does not
 * exceed. It is always a value that occurred, so a percentile of costs is the cost of some call.
 * All percentiles of a column are one aggregate, which the database then computes only once.
 */
function percentile(
  column: (sums: Sums) => string,
  share: (typeof shares)[number],
  decode: MeasureSql['decode'],
  // What says how a run ended has no tokens and no first byte, so that it need not be looked for.
  filter: (sums: Sums) => string = () => 'NOT adjustment',
): MeasureSql {
  const all = (sums: Sums): string =>
    `quantile_disc(${column(sums)}, [${shares.join(', ')}]) FILTER (WHERE ${filter(sums)})`;
  return { sql: (sums) => `(${all(sums)})[${shares.indexOf(share) + 1}]`, decode, callsOnly: true };
}

function costPercentile(share: (typeof shares)[number]): MeasureSql {
  // Comparing a number takes half as long as telling calls by their API.
  const known = ({ cost_of_call: cost }: Sums): string =>
    cost === 'cost' ? 'NOT adjustment AND known_change > 0' : 'NOT adjustment';
  return { ...percentile((sums) => sums.cost_of_call, share, decodeMoney, known), restates: true };
}

function durationPercentile(share: (typeof shares)[number]): MeasureSql {
  return percentile(
    () => 'duration_ms',
    share,
    decodeNumber,
    () => isCall,
  );
}

/** Rounded half-even to the picodollar, in integers, so that it orders and prints alike. */
function quotientOf(dividend: string, count: string): string {
  const sum = `(${dividend})::HUGEINT`;
  const divisor = `(${count})::HUGEINT`;
  // The remainder has the sum's sign, because integer division truncates.
  const remainder = `(${sum} % ${divisor})`;
  const quotient = `(${sum} // ${divisor})`;
  const twice = `(2 * abs(${remainder}))`;
  const away = `${twice} > ${divisor} OR (${twice} = ${divisor} AND ${quotient} % 2 <> 0)`;
  return `CASE WHEN ${divisor} <= 0 THEN NULL
    ELSE ${quotient} + CASE WHEN ${away} THEN sign(${sum})::HUGEINT ELSE 0 END END`;
}

function costAverage(sums: Sums): string {
  return quotientOf(sums.cost_of_calls, sums.priced_calls);
}

/** Calls of whatever kind that carry a tag, counted by its different values. */
function distinct(tag: TagName): MeasureSql {
  return { sql: () => distinctSql(tag), decode: Number, callsOnly: true };
}

function distinctSql(tag: TagName): string {
  return `count(DISTINCT ${tagColumn(tag)}) FILTER (WHERE ${isCall})`;
}

/** What the entries that carry a tag cost, for each of its different values; nothing without any. */
function costPer(tag: TagName): MeasureSql {
  const carries = `${tagColumn(tag)} IS NOT NULL`;
  const known = `coalesce(sum(known_change) FILTER (WHERE ${carries}), 0)`;
  return {
    sql: () =>
      `CASE WHEN ${known} > 0 THEN ${quotientOf(
        `coalesce(sum(cost) FILTER (WHERE ${carries}), 0)`,
        distinctSql(tag),
      )} END`,
    decode: decodeMoney,
    callsOnly: true,
  };
}

/** Of sums, so that large calls weigh as much as they are; null over nothing. */
function ratio(dividends: readonly Sum[], divisors: readonly Sum[]): MeasureSql {
  const add = (sums: Sums, names: readonly Sum[]): string =>
    `(${names.map((name) => sums[name]).join(' + ')})::DOUBLE`;
  return {
    sql: (sums) => `${add(sums, dividends)} / nullif(${add(sums, divisors)}, 0)`,
    decode: decodeNumber,
  };
}

/** Sums of what is compared are of nothing where no call is. */
function compared(name: Sum): MeasureSql {
  return {
    sql: (sums) => `CASE WHEN ${sums.compared_calls} > 0 THEN (${sums[name]})::HUGEINT END`,
    decode: decodeMoney,
  };
}

/** 4 USD: up to here, and to thresholds of 100 %, 64 bits hold what is compared. */
const smallCost = 4_000_000_000_000n;

/** As core's `isDrifted`, exactly. A call's cost by itself is no sum. */
const driftedCalls: MeasureSql = {
  sql: ({ cost_of_call: cost }, { driftMillionths }) => {
    const exceeds = (type: 'BIGINT' | 'HUGEINT') =>
      `abs(${cost}::${type} - estimated_cost) * 1000000
        > ${driftMillionths}::${type} * greatest(estimated_cost, ${leastComparedEstimate})`;
    // 128 bits take several times as long.
    const isSmall = `${cost} BETWEEN ${-smallCost} AND ${smallCost}
      AND estimated_cost BETWEEN 0 AND ${smallCost}`;
    const drifted =
      driftMillionths > 1_000_000n
        ? exceeds('HUGEINT')
        : `CASE WHEN ${isSmall} THEN ${exceeds('BIGINT')} ELSE ${exceeds('HUGEINT')} END`;
    return `count(*) FILTER (WHERE NOT adjustment AND ${drifted})`;
  },
  decode: Number,
  callsOnly: true,
  restates: true,
};

/**
 * What calls have beyond the cap; one that was taken apart for several stands for all of them. What adjusts
 * a call tells a difference, which a cap cannot be held against, and is left out.
 */
function over(tokens: string, calls: string): MeasureSql {
  return {
    sql: (_, { tokenCap }) =>
      `coalesce(sum(greatest(${tokens} - ${tokenCap} * ${calls}, 0)) FILTER (WHERE NOT adjustment), 0)`,
    decode: Number,
    callsOnly: true,
  };
}

function decodeMoney(value: DuckDBValue): string | null {
  return value === null ? null : formatUsd(BigInt(value as bigint));
}

function decodeTime(value: DuckDBValue): string | null {
  return value === null ? null : isoTime(value);
}

function decodeNumber(value: DuckDBValue): number | null {
  return value === null ? null : Number(value);
}

/** How each measure is computed, and how its value leaves the store. */
export const measureSql: Record<Measure, MeasureSql> = {
  calls: number('calls'),
  errors: number('errors'),
  retries: number('retries'),
  unpriced_calls: number('unpriced'),
  priced_calls: number('priced_calls'),
  unattributed_calls: number('unattributed'),
  cost: money(['cost']),
  cost_input_uncached: money(['cost_input_uncached']),
  cost_cache_read: money(['cost_cache_read']),
  cost_cache_write: money(['cost_cache_write']),
  cost_input: money(['cost_input_uncached', 'cost_cache_read', 'cost_cache_write']),
  cost_output: money(['cost_output']),
  cost_other: money(['cost_other']),
  reported_cost: {
    // What nobody reported is not zero, it is not known.
    sql: (sums) => `CASE WHEN ${sums.reported} > 0 THEN ${sums.cost_reported} END`,
    decode: decodeMoney,
  },
  list_cost: money(['cost_list']),
  adjustments: number('adjustments'),
  adjusted_cost: { sql: (sums) => sums.adjusted_cost, decode: decodeMoney },
  unattributed_cost: money(
    ['unattributed_cost'],
    'unattributed_priced',
    'unattributed_unknown',
    'unattributed',
  ),
  retries_cost: money(['retries_cost'], 'retries_priced', 'retries_unknown', 'retries'),
  cost_of_calls: { sql: (sums) => sums.cost_of_calls, decode: decodeMoney },
  cost_average: { sql: costAverage, decode: decodeMoney },
  cost_per_1k_calls: {
    sql: (sums) => quotientOf(`1000 * (${sums.cost_of_calls})::HUGEINT`, sums.priced_calls),
    decode: decodeMoney,
  },
  cost_per_session: costPer('session'),
  cost_per_run: costPer('run'),
  cost_per_user: costPer('user'),
  cost_min: { sql: (sums) => sums.cost_min, decode: decodeMoney, restates: true },
  cost_max: { sql: (sums) => sums.cost_max, decode: decodeMoney, restates: true },
  cost_p50: costPercentile('0.50'),
  cost_p90: costPercentile('0.90'),
  cost_p95: costPercentile('0.95'),
  cost_p99: costPercentile('0.99'),
  tokens_input: number('tokens_input'),
  tokens_input_uncached: number('tokens_input_uncached'),
  tokens_cache_read: number('tokens_cache_read'),
  tokens_cache_write: number(
    'tokens_cache_write',
    'tokens_cache_write_5m',
    'tokens_cache_write_1h',
  ),
  tokens_cache_write_5m: number('tokens_cache_write_5m'),
  tokens_cache_write_1h: number('tokens_cache_write_1h'),
  tokens_output: number('tokens_output'),
  tokens_output_p50: percentile(() => 'tokens_output', '0.50', decodeNumber),
  tokens_output_p95: percentile(() => 'tokens_output', '0.95', decodeNumber),
  tokens_output_over: over('tokens_output', '1'),
  tokens_reasoning: number('tokens_reasoning'),
  tokens_input_average: ratio(['tokens_input'], ['calls']),
  tokens_output_average: ratio(['tokens_output'], ['calls']),
  output_input_ratio: ratio(['tokens_output'], ['tokens_input']),
  cache_hit_ratio: ratio(['tokens_cache_read'], ['tokens_input']),
  error_rate: ratio(['errors'], ['calls']),
  sessions: distinct('session'),
  runs: distinct('run'),
  users: distinct('user'),
  first_call_at: {
    sql: () => `min(started_at) FILTER (WHERE ${isCall})`,
    decode: decodeTime,
    callsOnly: true,
  },
  last_call_end_at: {
    sql: () => `max(started_at + to_milliseconds(duration_ms)) FILTER (WHERE ${isCall})`,
    decode: decodeTime,
    callsOnly: true,
  },
  duration_average: {
    sql: (sums) => `(${sums.duration_ms})::DOUBLE / nullif(${sums.calls}, 0)`,
    decode: decodeNumber,
  },
  duration_p50: durationPercentile('0.50'),
  duration_p90: durationPercentile('0.90'),
  duration_p95: durationPercentile('0.95'),
  duration_p99: durationPercentile('0.99'),
  first_byte_p50: percentile(() => 'first_byte_ms', '0.50', decodeNumber),
  first_byte_p95: percentile(() => 'first_byte_ms', '0.95', decodeNumber),
  estimated_calls: number('estimated_calls'),
  estimated_tokens_input: number('estimated_tokens_input'),
  estimated_tokens_output: number('estimated_tokens_output'),
  compared_tokens_input: number('compared_tokens_input'),
  compared_tokens_output: number('compared_tokens_output'),
  compared_calls: number('compared_calls'),
  estimated_cost: compared('estimated_cost'),
  compared_cost: compared('compared_cost'),
  drifted_calls: driftedCalls,
  cache_saved: money(['cache_saved']),
  cache_premium: money(['cache_premium']),
  cache_valued_tokens: number('cache_valued_tokens'),
  prompt_calls: number('prompt_calls'),
  prompt_system: number('prompt_system'),
  prompt_tools: number('prompt_tools'),
  prompt_context: number('prompt_context'),
  prompt_history: number('prompt_history'),
  prompt_user: number('prompt_user'),
  prompt_files: number('prompt_files'),
  prompt_history_over: over('prompt_history', 'prompt_calls'),
};
