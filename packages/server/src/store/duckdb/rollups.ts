/**
 * Hourly sums of the calls, kept in step with them in the same transaction. A query is answered from
 * the first of them that has all its dimensions.
 *
 * There are two, because one with everything would be hardly smaller than the calls: tenants multiply
 * with features, versions and routes. `hourly` has what an organisation has few of; `hourly_tenant`
 * adds the tenant and leaves out what says how a call was made. Users, sessions, runs, traces and
 * custom tags are in neither: those questions go to the calls.
 */
export interface Rollup {
  table: string;
  /** Columns of `calls` that make the key, together with `"hour"`. */
  keys: readonly string[];
}

/** What every measure needs to know about a call besides its sums, so it is part of every key. */
const always = ['kind', 'outcome', 'cost_status', 'attempt', 'tag_feature'] as const;

export const rollups: readonly Rollup[] = [
  {
    table: 'hourly',
    keys: [
      ...always,
      'source',
      'provider',
      'api',
      'stream',
      'model_requested',
      'model',
      'http_status',
      'cost_source',
      'tag_segment',
      'tag_agent',
      'tag_route',
      'tag_template_version',
      'tag_environment',
    ],
  },
  {
    table: 'hourly_tenant',
    keys: [...always, 'provider', 'model', 'tag_tenant', 'tag_segment', 'tag_environment'],
  },
];

/** Columns of `calls` that a roll-up adds up; sums of money and tokens cannot overflow (128 bits). */
export const summedColumns = [
  'duration_ms',
  'tokens_input_uncached',
  'tokens_cache_read',
  'tokens_cache_write',
  'tokens_cache_write_5m',
  'tokens_cache_write_1h',
  'tokens_output',
  'tokens_reasoning',
  'cost',
  'cost_input_uncached',
  'cost_cache_read',
  'cost_cache_write',
  'cost_output',
  'cost_other',
  'cost_reported',
] as const;

/** Columns of a roll-up after its key, each with how it comes from calls and how two rows merge. */
const folds: readonly { name: string; fold: string; single: string; merge: string }[] = [
  count('entries', 'count(*)', '1'),
  count('priced', 'count(cost)', '(cost IS NOT NULL)::INTEGER'),
  count('reported', 'count(cost_reported)', '(cost_reported IS NOT NULL)::INTEGER'),
  extreme('cost_min', 'min', 'least'),
  extreme('cost_max', 'max', 'greatest'),
  ...summedColumns.map((name) => ({
    name,
    fold: `coalesce(sum(${name}), 0)`,
    single: `coalesce(${name}, 0)`,
    merge: `target.${name} + fresh.${name}`,
  })),
];

function count(name: string, fold: string, single: string) {
  return { name, fold, single, merge: `target.${name} + fresh.${name}` };
}

/** `least` and `greatest` ignore nulls, which is what an hour without a priced call needs. */
function extreme(name: string, fold: string, merge: string) {
  return {
    name,
    fold: `${fold}(cost)`,
    single: 'cost',
    merge: `${merge}(target.${name}, fresh.${name})`,
  };
}

const hourOf = `date_trunc('hour', started_at)::TIMESTAMP AS "hour"`;

/** The sums of the calls in `source`, in the roll-up's columns. */
export function foldCalls(rollup: Rollup, source: string): string {
  const sums = folds.map(({ name, fold }) => `${fold} AS ${name}`);
  return `SELECT ${hourOf}, ${[...rollup.keys, ...sums].join(', ')} FROM ${source} GROUP BY ALL`;
}

/** Single calls in the shape of a roll-up, for the parts of a window that are not whole hours. */
export function callsAsRollup(rollup: Rollup, condition: string): string {
  const singles = folds.map(({ name, single }) => `${single} AS ${name}`);
  return `SELECT ${hourOf}, ${[...rollup.keys, ...singles].join(', ')} FROM calls WHERE ${condition}`;
}

export function rollupRows(rollup: Rollup, condition: string): string {
  const names = folds.map(({ name }) => name);
  return `SELECT "hour", ${[...rollup.keys, ...names].join(', ')} FROM ${rollup.table} WHERE ${condition}`;
}

/**
 * Merges the calls of `source` into the roll-up. `$1` and `$2` bound the hours that they fall in, so
 * that only the few row groups of these hours are looked at.
 */
export function mergeCalls(rollup: Rollup, source: string): string {
  const same = rollup.keys.map((key) => `target.${key} IS NOT DISTINCT FROM fresh.${key}`);
  const updates = folds.map(({ name, merge }) => `${name} = ${merge}`);
  return `MERGE INTO ${rollup.table} AS target
    USING (${foldCalls(rollup, source)}) AS fresh
    ON target."hour" = fresh."hour" AND target."hour" >= $1 AND target."hour" <= $2
      AND ${same.join(' AND ')}
    WHEN MATCHED THEN UPDATE SET ${updates.join(', ')}
    WHEN NOT MATCHED THEN INSERT`;
}
