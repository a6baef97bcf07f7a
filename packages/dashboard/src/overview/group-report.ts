import type { BucketSize, Dimension, Filter, QueryRow, Window } from '@farthing/core';
import { runQuery } from '../api/contract.js';
import { countOf, keyOf, usdOf } from '../api/row.js';
import { seriesLimit } from '../chart/palette.js';
import { stackAmounts, type Stack } from '../chart/stack.js';
import { knownAt, type View } from '../view/view.js';
import { bucketStarts, defaultBucket, windowOf } from '../view/window.js';

/** One value of the dimension that the reader groups by. Money in exact decimal USD. */
export interface GroupRow {
  key: string | null;
  cost: string | null;
  calls: number;
  average: string | null;
  p95: string | null;
  costInput: string | null;
  costOutput: string | null;
  costOther: string | null;
  tokensInput: number;
  tokensOutput: number;
  unpriced: number;
}

export interface GroupReport {
  window: Window;
  bucket: BucketSize;
  dimension: Dimension;
  groups: GroupRow[];
  /** There are more values than `groups` holds. */
  truncated: boolean;
  stack: Stack;
}

/** Rows of the table; more are reached by filtering. */
const tableLimit = 50;

export async function fetchGroups(
  view: Pick<View, 'window' | 'filters' | 'group' | 'bucket' | 'asOf'>,
  now: number,
  signal: AbortSignal,
): Promise<GroupReport> {
  const window = windowOf(view.window, now);
  const bucket = view.bucket ?? defaultBucket(view.window, window);
  const { group: dimension, filters } = view;
  const scope = { window, ...knownAt(view) };
  const [ranking, totals] = await Promise.all([
    runQuery(
      {
        measures: [
          'cost',
          'calls',
          'cost_average',
          'cost_p95',
          'cost_input',
          'cost_output',
          'cost_other',
          'tokens_input',
          'tokens_output',
          'unpriced_calls',
        ],
        dimensions: [dimension],
        filters,
        ...scope,
        order: [
          { by: 'cost', direction: 'desc' },
          { by: 'calls', direction: 'desc' },
        ],
        limit: tableLimit,
      },
      signal,
    ),
    runQuery({ measures: ['cost'], bucket, filters, ...scope, limit: 10_000 }, signal),
  ]);
  const groups = ranking.rows.map((row) => groupRow(row, dimension));
  const top = groups.slice(0, seriesLimit).map(({ key }) => key);
  const series =
    top.length === 0
      ? []
      : (
          await runQuery(
            {
              measures: ['cost'],
              dimensions: [dimension],
              bucket,
              filters: narrowed(filters, dimension, top),
              ...scope,
              limit: 10_000,
            },
            signal,
          )
        ).rows;
  const start = (row: QueryRow) => Date.parse(String(row['bucket']));
  const stack = stackAmounts(
    bucketStarts(window, bucket),
    top,
    series.map((row) => ({
      start: start(row),
      key: keyOf(row, dimension),
      usd: usdOf(row, 'cost'),
    })),
    totals.rows.map((row) => ({ start: start(row), usd: usdOf(row, 'cost') })),
  );
  return { window, bucket, dimension, groups, truncated: ranking.truncated, stack };
}

/** All filters hold at once, so a further one on the same dimension only narrows. */
const narrowed = (filters: Filter[], dimension: Dimension, values: (string | null)[]): Filter[] => [
  ...filters,
  { dimension, op: 'in', values },
];

function groupRow(row: QueryRow, dimension: Dimension): GroupRow {
  return {
    key: keyOf(row, dimension),
    cost: usdOf(row, 'cost'),
    calls: countOf(row, 'calls'),
    average: usdOf(row, 'cost_average'),
    p95: usdOf(row, 'cost_p95'),
    costInput: usdOf(row, 'cost_input'),
    costOutput: usdOf(row, 'cost_output'),
    costOther: usdOf(row, 'cost_other'),
    tokensInput: countOf(row, 'tokens_input'),
    tokensOutput: countOf(row, 'tokens_output'),
    unpriced: countOf(row, 'unpriced_calls'),
  };
}
