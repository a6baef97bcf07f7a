import type { TagName } from '../tags.js';
import type { CostFloors } from './cost-floors.js';

export { inputSizeBounds, inputSizeOf } from './input-size.js';

/**
 * What a query can sum or measure. Money measures are exact decimal strings in USD in the result.
 *
 * Estimates are compared with what was counted: `estimated_*` is what was expected, `compared_*` what
 * the same calls took. Tokens are compared of `estimated_calls`, costs of `compared_calls`, whose cost
 * is known besides. `prompt_*` are input tokens by source, of the calls that `prompt_calls` stands for.
 * `cache_saved` is what reading from caches took off the bill and `cache_premium` what writing to them put on
 * it, against plain input at each call's own rates, of the `cache_valued_tokens`.
 * `tokens_cache_write` has all that was written, of which `_5m` and `_1h` are to be kept that long.
 * `*_over` are what calls have beyond the query's `token_cap`.
 *
 * `cost_of_calls` leaves out amounts that belong to no call, and `cost_average` divides it by `priced_calls`.
 * Ratios are of sums, not means of ratios: `output_input_ratio` is all output over all input tokens,
 * `cache_hit_ratio` the part of the input tokens that was read from caches. `sessions`, `runs` and `users`
 * count different values of those tags, and `cost_per_*` divide what the calls that carry the tag cost.
 * What says how a run ended (the SDK's `outcome`) is no call and counts in none of these.
 */
export const measures = [
  'calls',
  'errors',
  'retries',
  'unpriced_calls',
  'priced_calls',
  'unattributed_calls',
  'cost',
  'cost_input_uncached',
  'cost_cache_read',
  'cost_cache_write',
  'cost_input',
  'cost_output',
  'cost_other',
  'reported_cost',
  'list_cost',
  'adjustments',
  'adjusted_cost',
  'unattributed_cost',
  'retries_cost',
  'cost_of_calls',
  'cost_average',
  'cost_per_1k_calls',
  'cost_per_session',
  'cost_per_run',
  'cost_per_user',
  'cost_min',
  'cost_max',
  'cost_p50',
  'cost_p90',
  'cost_p95',
  'cost_p99',
  'tokens_input',
  'tokens_input_uncached',
  'tokens_cache_read',
  'tokens_cache_write',
  'tokens_cache_write_5m',
  'tokens_cache_write_1h',
  'tokens_output',
  'tokens_output_p50',
  'tokens_output_p95',
  'tokens_output_over',
  'tokens_reasoning',
  'tokens_input_average',
  'tokens_output_average',
  'output_input_ratio',
  'cache_hit_ratio',
  'error_rate',
  'sessions',
  'runs',
  'users',
  'first_call_at',
  'last_call_end_at',
  'duration_average',
  'duration_p50',
  'duration_p90',
  'duration_p95',
  'duration_p99',
  'first_byte_p50',
  'first_byte_p95',
  'estimated_calls',
  'estimated_tokens_input',
  'estimated_tokens_output',
  'compared_tokens_input',
  'compared_tokens_output',
  'compared_calls',
  'estimated_cost',
  'compared_cost',
  'drifted_calls',
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
  'prompt_history_over',
] as const;
export type Measure = (typeof measures)[number];

/**
 * Dimensions other than the tags; `tag:<key>` addresses a custom tag. `step` is the agents, tools and other
 * steps above a call (`agent:planner/tool:search`), `run_outcome` what became of the call's run by all
 * that is known (`success`, `failure`), `hour_of_day` 00 to 23 and `day_of_week` 1 (Monday) to 7, in UTC.
 */
export const callDimensions = [
  'provider',
  'api',
  'model',
  'model_requested',
  'source',
  'outcome',
  'cost_status',
  'cost_source',
  'attempt',
  'stream',
  'http_status',
  'step',
  'parent_span',
  'run_outcome',
  'hour_of_day',
  'day_of_week',
  'input_size',
] as const;
export type CallDimension = (typeof callDimensions)[number];
export type Dimension = TagName | CallDimension | `tag:${string}`;

/** Buckets begin at UTC boundaries; weeks begin on Monday (ISO 8601). */
export const bucketSizes = ['minute', 'hour', 'day', 'week', 'month'] as const;
export type BucketSize = (typeof bucketSizes)[number];

/** Half-open interval of call start times: `from` ≤ started_at < `to`. ISO 8601, UTC. */
export interface Window {
  from: string;
  to: string;
}

/** `null` among the values stands for "not set" (unattributed). */
export interface Filter {
  dimension: Dimension;
  op: 'in' | 'not_in';
  values: (string | null)[];
}

export interface Query {
  measures: Measure[];
  dimensions?: Dimension[];
  filters?: Filter[];
  window?: Window;
  /**
   * "As known at" this time (ISO 8601): entries that were recorded later, adjustments among them, are
   * left out, so that what was reported then is reported again. Default: all that is known now.
   */
  as_of?: string;
  /** Only calls that cost more than the floor of their group, each as it stands after its adjustments. */
  above?: CostFloors;
  /** Adds a `bucket` column: the ISO start of the bucket. */
  bucket?: BucketSize;
  /**
   * `drifted_calls` counts calls whose cost lies further from its estimate than this, as a share of the
   * estimate (0.3 is 30 %, the default).
   */
  drift_threshold?: number;
  /** `tokens_output_over` and `prompt_history_over` count each call's tokens beyond it. Default 0. */
  token_cap?: number;
  /** Default: the first measure descending, or `bucket` ascending when bucketed. */
  order?: { by: Measure | Dimension | 'bucket'; direction: 'asc' | 'desc' }[];
  /** Default 1,000; at most 100,000. */
  limit?: number;
}

/**
 * One row: dimension columns are strings or null (unattributed), `bucket` an ISO time, counts are
 * numbers, money is a decimal string, and a measure over nothing (an average of no priced call) is null.
 */
export type QueryRow = Record<string, string | number | null>;

export interface QueryResult {
  rows: QueryRow[];
  /** True when `limit` cut rows off. */
  truncated: boolean;
  /** Whether hourly roll-ups answered, or the calls themselves. */
  from: 'rollup' | 'calls' | 'both';
}
