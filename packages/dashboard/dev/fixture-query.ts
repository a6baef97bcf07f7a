import type {
  CallRow,
  Filter,
  Measure,
  Query,
  QueryResult,
  QueryRow,
  Window,
} from '@farthing/core';
import { picoOf, usdOf } from './fixture-calls.js';

/** The value of a dimension for a call, as the API states it: a string, or null where it is not set. */
export function dimensionOf(row: CallRow, dimension: string): string | null {
  if (dimension.startsWith('tag:')) return row.tags.custom?.[dimension.slice(4)] ?? null;
  const own = (row as unknown as Record<string, unknown>)[dimension];
  const value = own ?? (row.tags as Record<string, unknown>)[dimension];
  return value == null ? null : String(value);
}

export function matches(row: CallRow, filters: Filter[] = [], window?: Window): boolean {
  if (window && (row.started_at < window.from || row.started_at >= window.to)) return false;
  return filters.every(
    (filter) => filter.values.includes(dimensionOf(row, filter.dimension)) === (filter.op === 'in'),
  );
}

export function bucketStart(time: string, size: string): string {
  const date = new Date(time);
  if (size === 'minute') date.setUTCSeconds(0, 0);
  else if (size === 'hour') date.setUTCMinutes(0, 0, 0);
  else date.setUTCHours(0, 0, 0, 0);
  if (size === 'week') date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7));
  if (size === 'month') date.setUTCDate(1);
  return date.toISOString();
}

const unpriced = new Set(['unknown_model', 'no_usage', 'invalid_usage', 'contract_required']);

function percentile<T extends bigint | number>(values: T[], share: number): T | null {
  if (values.length === 0) return null;
  const sorted = values.sort((left, right) => (left < right ? -1 : left > right ? 1 : 0));
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] as T;
}

function measure(rows: CallRow[], name: Measure): string | number | null {
  const money = (pick: (row: CallRow) => string | null) =>
    rows.reduce((sum, row) => sum + picoOf(pick(row) ?? '0'), 0n);
  const count = (test: (row: CallRow) => boolean) => rows.filter(test).length;
  const tokens = (pick: (tokens: NonNullable<CallRow['tokens']>) => number) =>
    rows.reduce((sum, row) => sum + (row.tokens === null ? 0 : pick(row.tokens)), 0);
  const costs = () => rows.flatMap((row) => (row.cost_usd === null ? [] : [picoOf(row.cost_usd)]));
  const orNull = (value: bigint | null) => (value === null ? null : usdOf(value));
  switch (name) {
    case 'calls':
      return count((row) => row.kind === 'call');
    case 'adjustments':
      return count((row) => row.kind === 'adjustment');
    case 'errors':
      return count((row) => row.outcome === 'error');
    case 'retries':
      return count((row) => row.attempt > 1);
    case 'unpriced_calls':
      return count((row) => unpriced.has(row.cost_status));
    case 'unattributed_calls':
      return count((row) => row.tags.feature === undefined);
    case 'cost':
      return usdOf(money((row) => row.cost_usd));
    case 'cost_input':
      return usdOf(money((row) => row.cost_input_usd));
    case 'cost_output':
      return usdOf(money((row) => row.cost_output_usd));
    case 'cost_other':
      return usdOf(
        money((row) => row.cost_usd) -
          money((row) => row.cost_input_usd) -
          money((row) => row.cost_output_usd),
      );
    case 'unattributed_cost':
      return usdOf(money((row) => (row.tags.feature === undefined ? row.cost_usd : null)));
    case 'retries_cost':
      return usdOf(money((row) => (row.attempt > 1 ? row.cost_usd : null)));
    case 'cost_average': {
      const all = costs();
      return all.length === 0
        ? null
        : usdOf(all.reduce((sum, value) => sum + value, 0n) / BigInt(all.length));
    }
    case 'cost_max':
      return orNull(percentile(costs(), 1));
    case 'cost_min':
      return orNull(percentile(costs(), 0));
    case 'cost_p50':
    case 'cost_p90':
    case 'cost_p95':
    case 'cost_p99':
      return orNull(percentile(costs(), Number(name.slice(6)) / 100));
    case 'tokens_input':
      return tokens(
        (each) =>
          each.input_uncached +
          each.cache_read +
          each.cache_write +
          each.cache_write_5m +
          each.cache_write_1h,
      );
    case 'tokens_cache_read':
      return tokens((each) => each.cache_read);
    case 'tokens_output':
      return tokens((each) => each.output);
    case 'duration_p95':
      return percentile(
        rows.map((row) => row.duration_ms),
        0.95,
      );
    default:
      throw new Error(`The fixture does not answer the measure ${name}.`);
  }
}

/** Calls are kept oldest first: the index of the first one at or after `time`. */
function firstAt(calls: readonly CallRow[], time: string): number {
  let [low, high] = [0, calls.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (calls[middle]!.started_at < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Answers a query by scanning the window's calls (oldest first): slow and plainly right. */
export function answer(all: readonly CallRow[], query: Query): QueryResult {
  const calls = query.window
    ? all.slice(firstAt(all, query.window.from), firstAt(all, query.window.to))
    : all;
  const groups = new Map<string, { columns: QueryRow; rows: CallRow[] }>();
  for (const row of calls) {
    if (query.as_of !== undefined && row.recorded_at > query.as_of) continue;
    if (!matches(row, query.filters, query.window)) continue;
    const columns: QueryRow = {};
    if (query.bucket) columns['bucket'] = bucketStart(row.started_at, query.bucket);
    for (const dimension of query.dimensions ?? [])
      columns[dimension] = dimensionOf(row, dimension);
    const key = JSON.stringify(columns);
    const group = groups.get(key);
    if (group) group.rows.push(row);
    else groups.set(key, { columns, rows: [row] });
  }
  if (groups.size === 0 && !query.bucket && !query.dimensions?.length)
    groups.set('', { columns: {}, rows: [] });
  const rows = [...groups.values()].map(({ columns, rows: members }) => ({
    ...columns,
    ...Object.fromEntries(query.measures.map((name) => [name, measure(members, name)])),
  })) as QueryRow[];
  const order = query.order ?? [
    query.bucket
      ? { by: 'bucket' as const, direction: 'asc' as const }
      : { by: query.measures[0]!, direction: 'desc' as const },
  ];
  rows.sort((left, right) => {
    for (const { by, direction } of order) {
      const [a, b] = [sortable(left[by]), sortable(right[by])];
      if (a !== b) return (a < b ? -1 : 1) * (direction === 'asc' ? 1 : -1);
    }
    return 0;
  });
  const limit = query.limit ?? 1000;
  return { rows: rows.slice(0, limit), truncated: rows.length > limit, from: 'calls' };
}

function sortable(value: string | number | null | undefined): number | string {
  if (value == null) return -1;
  return typeof value === 'string' && /^\d+(\.\d+)?$/.test(value) ? Number(value) : value;
}
