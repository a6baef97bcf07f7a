import type { Dimension } from '@farthing/core';
import { runQuery } from '../api/contract.js';
import { keyOf, usdOf } from '../api/row.js';
import { knownAt, type View } from '../view/view.js';

const day = 86_400_000;

/** Average cost per call on each of the last 7 days (UTC), by value; null on days without priced calls. */
export type Trends = Map<string | null, (string | null)[]>;

export async function fetchTrends(
  view: Pick<View, 'filters' | 'group' | 'asOf'>,
  now: number,
  signal: AbortSignal,
): Promise<Trends> {
  const today = Math.floor(now / day) * day;
  const from = today - 6 * day;
  const dimension: Dimension = view.group;
  const { rows } = await runQuery(
    {
      measures: ['cost_average'],
      dimensions: [dimension],
      bucket: 'day',
      filters: view.filters,
      window: { from: new Date(from).toISOString(), to: new Date(today + day).toISOString() },
      ...knownAt(view),
      limit: 10_000,
    },
    signal,
  );
  const trends: Trends = new Map();
  for (const row of rows) {
    const key = keyOf(row, dimension);
    const days = trends.get(key) ?? Array.from({ length: 7 }, () => null);
    const index = Math.round((Date.parse(String(row['bucket'])) - from) / day);
    if (index >= 0 && index < 7) days[index] = usdOf(row, 'cost_average');
    trends.set(key, days);
  }
  return trends;
}
