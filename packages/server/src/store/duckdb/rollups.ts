import { outcomeApi } from '@farthing/core';

/**
 * Hourly sums of the calls, kept in step with them in the same transaction. A query is answered from
 * the first roll-up that has all its dimensions.
 *
 * There are two, because one with everything would be hardly smaller than the calls: tenants multiply
 * with features, versions and routes. `hourly` has what an organisation has few of; `hourly_tenant`
 * has the tenant and little else. Users, sessions, runs, traces and custom tags are in neither: those
 * questions go to the calls.
 *
 * Booking appends a batch's sums as rows of their own, because looking up the rows of the same keys
 * costs more than the rest of a booking. From time to time the rows of the hours concerned are
 * compacted to one for each key (compaction.ts).
 */
export interface Rollup {
  table: string;
  /** Columns of `calls` that make the key, together with `"hour"`. */
  keys: readonly string[];
}

export const rollups: readonly Rollup[] = [
  {
    table: 'hourly',
    keys: [
      'source',
      'provider',
      'api',
      'stream',
      'model_requested',
      'model',
      'outcome',
      'http_status',
      'attempt',
      'cost_status',
      'cost_source',
      'tag_feature',
      'tag_segment',
      'tag_agent',
      'tag_route',
      'tag_template_version',
      'tag_environment',
    ],
  },
  {
    table: 'hourly_tenant',
    keys: ['provider', 'model', 'tag_tenant', 'tag_segment', 'tag_environment'],
  },
];

/** What says how a run ended is no call. */
export const isCall = `NOT adjustment AND api <> '${outcomeApi}'`;
/** Calls and what adjusts a call, but not amounts that belong to no call. */
const isOfCall = `((NOT adjustment OR adjusts IS NOT NULL) AND api <> '${outcomeApi}')`;
const isOfRetry = `${isOfCall} AND attempt > 1`;
/** Whose tokens, and whose cost besides, are compared with an estimate; what adjusts such a call, too. */
const isEstimated = 'estimated_output IS NOT NULL';
const isCompared = 'estimated_cost IS NOT NULL';
const isUnattributed = 'tag_feature IS NULL';

/** Every entry has all of these or none. */
export const inputTokens = [
  'tokens_input_uncached',
  'tokens_cache_read',
  'tokens_cache_write',
  'tokens_cache_write_5m',
  'tokens_cache_write_1h',
] as const;

const count = (condition: string): string => `count(*) FILTER (WHERE ${condition})`;
/** Adjustments change by -1, 0 or 1 what their calls are counted as, so these counts are sums. */
const changes = (column: string, condition = 'true'): string =>
  `coalesce(sum(${column}) FILTER (WHERE ${condition}), 0)`;
const sum = (column: string): string => `coalesce(sum(${column}), 0)`;
const sumOf = (column: string, condition: string): string =>
  `coalesce(sum(${column}) FILTER (WHERE ${condition}), 0)`;

/** Counts, which cannot overflow. How each is computed from calls. */
const counts = {
  calls: count(isCall),
  errors: count(`${isCall} AND outcome IN ('error', 'interrupted')`),
  retries: count(`${isCall} AND attempt > 1`),
  /** Calls whose cost ought to be known. What is passed through unmetered is not Farthing's to price. */
  unpriced: changes('unknown_change', `${isOfCall} AND outcome <> 'unmetered'`),
  unattributed: count(`${isCall} AND ${isUnattributed}`),
  adjustments: count('adjustment'),
  /** Calls and amounts with a cost, and those that have none although they may have cost something. */
  priced: changes('known_change'),
  unknown: changes('unknown_change'),
  reported: 'count(cost_reported)',
  priced_calls: changes('known_change', isOfCall),
  unattributed_priced: changes('known_change', isUnattributed),
  unattributed_unknown: changes('unknown_change', isUnattributed),
  retries_priced: changes('known_change', isOfRetry),
  retries_unknown: changes('unknown_change', isOfRetry),
  estimated_calls: count(`${isCall} AND ${isEstimated}`),
  compared_calls: changes('known_change', isCompared),
} as const;

/** Sums of amounts that a single call may have in any size. */
const sums = {
  cost: sum('cost'),
  cost_of_calls: sumOf('cost', isOfCall),
  adjusted_cost: sumOf('cost', 'adjustment'),
  unattributed_cost: sumOf('cost', isUnattributed),
  retries_cost: sumOf('cost', isOfRetry),
  cost_input_uncached: sum('cost_input_uncached'),
  cost_cache_read: sum('cost_cache_read'),
  cost_cache_write: sum('cost_cache_write'),
  cost_output: sum('cost_output'),
  cost_other: sum('cost_other'),
  cost_reported: sum('cost_reported'),
  cost_list: sum('cost_list'),
  duration_ms: sumOf('duration_ms', isCall),
  tokens_input_uncached: sum('tokens_input_uncached'),
  tokens_cache_read: sum('tokens_cache_read'),
  tokens_cache_write: sum('tokens_cache_write'),
  tokens_cache_write_5m: sum('tokens_cache_write_5m'),
  tokens_cache_write_1h: sum('tokens_cache_write_1h'),
  tokens_output: sum('tokens_output'),
  tokens_reasoning: sum('tokens_reasoning'),
  /** A cost that becomes known, or unknown, takes its estimate in or out. */
  estimated_cost: sumOf('known_change * estimated_cost', isCompared),
  compared_cost: sumOf('cost', isCompared),
  estimated_tokens_input: sumOf('estimated_input', isCall),
  estimated_tokens_output: sumOf('estimated_output', isCall),
  compared_tokens_input: sumOf(inputTokens.join(' + '), isEstimated),
  compared_tokens_output: sumOf('tokens_output', isEstimated),
  cache_saved: sum('cache_saved'),
  cache_premium: sum('cache_premium'),
  cache_valued_tokens: sum('cache_valued_tokens'),
  prompt_calls: sum('prompt_calls'),
  prompt_system: sum('prompt_system'),
  prompt_tools: sum('prompt_tools'),
  prompt_context: sum('prompt_context'),
  prompt_history: sum('prompt_history'),
  prompt_user: sum('prompt_user'),
  prompt_files: sum('prompt_files'),
} as const;

/** As booked: where a call has been adjusted, only the calls themselves can tell (query-source.ts). */
const extremes = {
  cost_min: `min(cost) FILTER (WHERE ${isCall})`,
  cost_max: `max(cost) FILTER (WHERE ${isCall})`,
} as const;

/** What can be added up over any set of calls: every measure but the percentiles is made of these. */
export type Additive = keyof typeof counts | keyof typeof sums | keyof typeof extremes;

/** Each additive as an aggregate over calls. */
export const overCalls: Record<Additive, string> = { ...counts, ...sums, ...extremes };

/** Each additive as an aggregate over rows of a roll-up. */
export const overRollup: Record<Additive, string> = {
  ...mapValues(counts, (name) => `coalesce(sum(${name}), 0)`),
  ...mapValues(sums, (name) => `coalesce(sum(${name}), 0)`),
  cost_min: 'min(cost_min)',
  cost_max: 'max(cost_max)',
};

/** Whether a sum is a count, which 64 bits always hold. */
export function isCount(name: string): boolean {
  return Object.hasOwn(counts, name);
}

/** What questions add up: additives, and what several of them make together, which roll-ups have no column for. */
export type Sum = Additive | 'tokens_input';

/** Each sum over calls: adding up the tokens of each call first takes a fifth of adding up each kind. */
export const sumsOverCalls: Record<Sum, string> = {
  ...overCalls,
  tokens_input: sum(inputTokens.join(' + ')),
};

export const sumsOverRollup: Record<Sum, string> = {
  ...overRollup,
  tokens_input: inputTokens.map((name) => overRollup[name]).join(' + '),
};

const additives = Object.keys(overCalls) as Additive[];

/**
 * Roll-ups hold 64-bit sums, because 128-bit ones take several times as long to add. They cannot
 * overflow: a call with an amount of 2^46 or more (70 USD) gets a row of its own, so that a batch of
 * up to 2^16 calls sums to at most 2^62. Several rows with one key are as good as one, since every
 * question adds them up.
 */
const largeAmount = 2n ** 46n;
export const largestBatch = 2 ** 16;

const isLarge = `greatest(${[
  'cost',
  'cost_input_uncached',
  'cost_cache_read',
  'cost_cache_write',
  'cost_output',
  'cost_other',
  'cost_reported',
  'cost_list',
  'tokens_input_uncached',
  'tokens_cache_read',
  'tokens_cache_write',
  'tokens_cache_write_5m',
  'tokens_cache_write_1h',
  'tokens_output',
  'tokens_reasoning',
  'estimated_cost',
  'estimated_input',
  'estimated_output',
  'cache_saved',
  'cache_premium',
  'cache_valued_tokens',
  'prompt_calls',
  'prompt_system',
  'prompt_tools',
  'prompt_context',
  'prompt_history',
  'prompt_user',
  'prompt_files',
]
  .map((column) => `abs(${column})`)
  .join(', ')}) >= ${largeAmount}`;

const hourOf = `date_trunc('hour', started_at)::TIMESTAMP AS "hour"`;

/**
 * Rows of a roll-up for the calls in `source`; calls of large amounts stand alone.
 *
 * @param part of more calls than a batch may have: an expression whose values divide them into such parts.
 */
export function foldCalls(rollup: Rollup, source: string, part?: string): string {
  const columns = additives.map((name) => `(${overCalls[name]})::BIGINT AS ${name}`);
  const apart = [
    `CASE WHEN ${isLarge} THEN id END AS large`,
    ...(part === undefined ? [] : [`${part} AS part`]),
  ];
  return `SELECT * EXCLUDE (large${part === undefined ? '' : ', part'}) FROM (
    SELECT ${hourOf}, ${[...rollup.keys, ...columns, ...apart].join(', ')}
    FROM ${source} GROUP BY ALL)`;
}

/** The rows of a roll-up with equal keys added up; a sum that 64 bits cannot hold is null. */
export function foldRollup(rollup: Rollup, condition: string): string {
  const columns = additives.map((name) =>
    name === 'cost_min' || name === 'cost_max'
      ? `${overRollup[name]} AS ${name}`
      : `TRY_CAST(sum(${name}) AS BIGINT) AS ${name}`,
  );
  return `SELECT ${['"hour"', ...rollup.keys, ...columns].join(', ')}
    FROM ${rollup.table} WHERE ${condition} GROUP BY ALL`;
}

/** Whether a row of `foldRollup` has a sum that 64 bits cannot hold. */
export const hasOverflow = Object.keys(sums)
  .map((name) => `${name} IS NULL`)
  .join(' OR ');

export function rollupRows(rollup: Rollup, condition: string): string {
  const columns = ['"hour"', ...rollup.keys, ...additives];
  return `SELECT ${columns.join(', ')} FROM ${rollup.table} WHERE ${condition}`;
}

function mapValues<K extends string>(
  record: Readonly<Record<K, string>>,
  map: (key: K) => string,
): Record<K, string> {
  const keys = Object.keys(record) as K[];
  return Object.fromEntries(keys.map((key) => [key, map(key)])) as Record<K, string>;
}
