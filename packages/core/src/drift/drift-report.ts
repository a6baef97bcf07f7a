import { parseUsd } from '../money.js';
import type {
  BucketSize,
  Dimension,
  Filter,
  Measure,
  Query,
  QueryResult,
  QueryRow,
  Window,
} from '../report/query.js';
import { defaultDriftThreshold } from './cost-drift.js';
import { describeDrift } from './describe-drift.js';
import type { DriftBucket } from './drift-bucket.js';
import { effectiveBuckets, judgeBias, leastBuckets, type Bias } from './judge-bias.js';
import { compareP95, p95Measures, type P95Drift } from './p95-drift.js';
import { askApart } from '../report/ask-apart.js';
import { groupKey } from '../report/group-key.js';
import { previousWindow } from '../report/previous-window.js';

export interface DriftRequest {
  by: Dimension[];
  window: Window;
  filters?: Filter[];
  /** Calls further than this from their estimate are counted as drifted. Default 0.3. */
  threshold?: number;
  /** Most groups, by what their calls cost; default 1,000. */
  limit?: number;
}

/** What is off where a cost is: more or fewer tokens than expected, or another price per token. */
export type DriftCause = 'input_tokens' | 'output_tokens' | 'price';

export interface DriftRow {
  /** The dimensions' values; null is unattributed. */
  group: Record<string, string | null>;
  calls: number;
  /** Calls whose tokens are compared with an estimate. */
  estimated_calls: number;
  /** Calls whose cost is compared with an estimate. */
  compared_calls: number;
  /** Of those, calls beyond the threshold. */
  drifted_calls: number;
  drifted_share: number | null;
  estimated_usd: string | null;
  actual_usd: string | null;
  tokens: {
    input: { estimated: number; actual: number };
    output: { estimated: number; actual: number };
  };
  cost: Bias;
  input: Bias;
  output: Bias;
  /** `biased` where cost or tokens are; `not_judged` where none of them could be. */
  verdict: 'biased' | 'fair' | 'not_judged';
  causes: DriftCause[];
  p95: P95Drift;
  /** One sentence for people. */
  summary: string;
}

export interface DriftReport {
  window: Window;
  /** The window of the same length before, which P95 is compared with. */
  previous: Window;
  by: Dimension[];
  threshold: number;
  /** What of time is one observation, and the grain of `since`; groups of a short time are judged by minutes. */
  bucket: BucketSize;
  /** Biased ones first, by the money they are off. */
  rows: DriftRow[];
  truncated: boolean;
}

const sums: Measure[] = [
  'estimated_calls',
  'compared_calls',
  'estimated_cost',
  'compared_cost',
  'estimated_tokens_input',
  'compared_tokens_input',
  'estimated_tokens_output',
  'compared_tokens_output',
];

const mostRows = 100_000;
const hour = 3_600_000;
/** Longer windows are judged by days. */
const longestByHour = 14 * 24 * hour;

type Ask = (query: Query) => Promise<QueryResult>;

/**
 * Which groups of calls have estimates that are off: in which direction, by how much, since when, and
 * whether that is sure ({@link judgeBias}); and whose P95 moved. `ask` answers a query, from a store or
 * over HTTP.
 */
export async function buildDrift(ask: Ask, request: DriftRequest): Promise<DriftReport> {
  const { by, window, filters = [], threshold = defaultDriftThreshold, limit = 1_000 } = request;
  const scope = { dimensions: by, filters };
  const previous = previousWindow(window);
  const [totals, now, before] = await Promise.all([
    ask({
      ...scope,
      window,
      measures: [...sums, 'calls'],
      order: [{ by: 'compared_cost', direction: 'desc' }],
      limit,
    }),
    // What is no sum is asked for on its own, so that the sums can come from roll-ups.
    askApart(ask, {
      ...scope,
      window,
      measures: [...p95Measures, 'drifted_calls'],
      drift_threshold: threshold,
      limit: mostRows,
    }),
    askApart(ask, { ...scope, window: previous, measures: p95Measures, limit: mostRows }),
  ]);
  const groups = totals.rows.filter((row) => Number(row['calls']) > 0);
  const { buckets, size } = await bucketsOf(ask, request, groups);
  const nowBy = byGroup(now.rows, by);
  const beforeBy = byGroup(before.rows, by);
  const rows = groups.map((row): DriftRow => {
    const key = groupKey(row, by);
    const series = buckets.get(key) ?? [];
    const single = nowBy.get(key);
    const drifted = single === undefined ? 0 : count(single, 'drifted_calls');
    return driftRow(row, by, series, drifted, compareP95(single, beforeBy.get(key)));
  });
  rows.sort((a, b) => rank(b) - rank(a) || offBy(b) - offBy(a));
  return { window, previous, by, threshold, bucket: size, rows, truncated: totals.truncated };
}

function driftRow(
  row: QueryRow,
  by: readonly Dimension[],
  series: readonly QueryRow[],
  drifted: number,
  p95: P95Drift,
): DriftRow {
  const compared = count(row, 'compared_calls');
  const cost = judgeBias(series.map((bucket) => driftBucket(bucket, 'cost', 'compared_calls')));
  const input = judgeBias(
    series.map((bucket) => driftBucket(bucket, 'tokens_input', 'estimated_calls')),
  );
  const output = judgeBias(
    series.map((bucket) => driftBucket(bucket, 'tokens_output', 'estimated_calls')),
  );
  const judged = {
    group: Object.fromEntries(by.map((name) => [name, row[name] as string | null])),
    calls: count(row, 'calls'),
    estimated_calls: count(row, 'estimated_calls'),
    compared_calls: compared,
    drifted_calls: drifted,
    drifted_share: compared <= 0 ? null : Math.round((drifted / compared) * 1e6) / 1e6,
    estimated_usd: compared <= 0 ? null : usd(row, 'estimated_cost'),
    actual_usd: compared <= 0 ? null : usd(row, 'compared_cost'),
    tokens: {
      input: {
        estimated: count(row, 'estimated_tokens_input'),
        actual: count(row, 'compared_tokens_input'),
      },
      output: {
        estimated: count(row, 'estimated_tokens_output'),
        actual: count(row, 'compared_tokens_output'),
      },
    },
    cost,
    input,
    output,
    verdict: verdictOf([cost, input, output]),
    causes: causesOf(cost, input, output),
    p95,
  };
  return { ...judged, summary: describeDrift(judged) };
}

function verdictOf(biases: readonly Bias[]): DriftRow['verdict'] {
  if (biases.some(({ verdict }) => verdict === 'too_low' || verdict === 'too_high')) {
    return 'biased';
  }
  return biases.every(({ verdict }) => verdict === 'not_judged') ? 'not_judged' : 'fair';
}

/** Tokens that are off in the direction of the cost explain it; where none are, the price per token is. */
function causesOf(cost: Bias, input: Bias, output: Bias): DriftCause[] {
  if (cost.verdict !== 'too_low' && cost.verdict !== 'too_high') return [];
  const causes: DriftCause[] = [];
  if (input.verdict === cost.verdict) causes.push('input_tokens');
  if (output.verdict === cost.verdict) causes.push('output_tokens');
  return causes.length === 0 ? ['price'] : causes;
}

/** The groups' sums by time: by hours or days, and by minutes where a group has too few of those. */
async function bucketsOf(
  ask: Ask,
  { by, window, filters = [] }: DriftRequest,
  groups: readonly QueryRow[],
): Promise<{ buckets: Map<string, QueryRow[]>; size: BucketSize }> {
  const query: Query = { measures: sums, dimensions: by, filters, window, limit: mostRows };
  const span = Date.parse(window.to) - Date.parse(window.from);
  let size: BucketSize = span <= longestByHour ? 'hour' : 'day';
  let answer = await ask({ ...query, bucket: size });
  if (answer.truncated && size === 'hour') {
    size = 'day';
    answer = await ask({ ...query, bucket: size });
  }
  const buckets = collect(answer.truncated ? [] : answer.rows, by);
  const brief = groups.filter((row) => isBrief(buckets.get(groupKey(row, by)) ?? []));
  const [first] = by;
  if (brief.length === 0 || answer.truncated) return { buckets, size };
  const values = [...new Set(brief.map((row) => (first === undefined ? null : row[first])))];
  const among: Filter[] =
    first === undefined || values.length > mostFiltered
      ? []
      : [{ dimension: first, op: 'in', values: values as (string | null)[] }];
  const minutes = await ask({ ...query, filters: [...filters, ...among], bucket: 'minute' });
  if (minutes.truncated) return { buckets, size };
  const finer = collect(minutes.rows, by);
  for (const row of brief) {
    const key = groupKey(row, by);
    buckets.set(key, finer.get(key) ?? []);
  }
  return { buckets, size };
}

const mostFiltered = 1_000;

/** Neither tokens nor costs have enough buckets: of images there are costs alone. */
function isBrief(series: readonly QueryRow[]): boolean {
  const tokens = series.map((row) => driftBucket(row, 'tokens_input', 'estimated_calls'));
  const costs = series.map((row) => driftBucket(row, 'cost', 'compared_calls'));
  return Math.max(effectiveBuckets(tokens), effectiveBuckets(costs)) < leastBuckets;
}

function driftBucket(
  row: QueryRow,
  what: 'cost' | 'tokens_input' | 'tokens_output',
  calls: 'compared_calls' | 'estimated_calls',
): DriftBucket {
  const value = (name: string) =>
    what === 'cost' ? Number(parseUsd(usd(row, name) ?? '0')) : count(row, name);
  return {
    at: String(row['bucket']),
    calls: count(row, calls),
    estimated: value(`estimated_${what}`),
    actual: value(`compared_${what}`),
  };
}

function collect(rows: readonly QueryRow[], by: readonly Dimension[]): Map<string, QueryRow[]> {
  const groups = new Map<string, QueryRow[]>();
  for (const row of rows) {
    const key = groupKey(row, by);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}

function byGroup(rows: readonly QueryRow[], by: readonly Dimension[]): Map<string, QueryRow> {
  return new Map(rows.map((row) => [groupKey(row, by), row]));
}

function rank({ verdict, p95 }: DriftRow): number {
  if (verdict === 'biased') return 3;
  if (p95.exceeds) return 2;
  return verdict === 'fair' ? 1 : 0;
}

function offBy({ estimated_usd: estimated, actual_usd: actual }: DriftRow): number {
  return Math.abs(Number(actual ?? 0) - Number(estimated ?? 0));
}

function count(row: QueryRow, name: string): number {
  return Number(row[name] ?? 0);
}

function usd(row: QueryRow, name: string): string | null {
  const value = row[name];
  return value == null ? null : String(value);
}
