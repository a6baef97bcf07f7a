import type { Dimension } from '@farthing/core';
import { runQuery } from '../api/contract.js';
import { keyOf, usdOf } from '../api/row.js';
import { knownAt, type View } from '../view/view.js';
import { windowOf } from '../view/window.js';

const day = 86_400_000;

/** Average cost per call on each of 7 days (UTC), by value; null on days without priced calls. */
export interface Trends {
  /** The last of the days, as an ISO date-time. */
  lastDay: string;
  byValue: Map<string | null, (string | null)[]>;
}

/**
 * The last day that the view is about, in milliseconds: today, or earlier where its window ends or its
 * time as known at lies before.
 */
export function lastDayOf(view: Pick<View, 'window' | 'asOf'>, now: number): number {
  const end = Date.parse(windowOf(view.window, now).to) - 1;
  const known = view.asOf === null ? now : Date.parse(view.asOf);
  return Math.floor(Math.min(end, known, now) / day) * day;
}

export async function fetchTrends(
  view: Pick<View, 'window' | 'filters' | 'group' | 'asOf'>,
  now: number,
  signal: AbortSignal,
): Promise<Trends> {
  const lastDay = lastDayOf(view, now);
  const from = lastDay - 6 * day;
  const dimension: Dimension = view.group;
  const { rows } = await runQuery(
    {
      measures: ['cost_average'],
      dimensions: [dimension],
      bucket: 'day',
      filters: view.filters,
      window: { from: new Date(from).toISOString(), to: new Date(lastDay + day).toISOString() },
      ...knownAt(view),
      limit: 10_000,
    },
    signal,
  );
  const trends: Trends['byValue'] = new Map();
  for (const row of rows) {
    const key = keyOf(row, dimension);
    const days = trends.get(key) ?? Array.from({ length: 7 }, () => null);
    const index = Math.round((Date.parse(String(row['bucket'])) - from) / day);
    if (index >= 0 && index < 7) days[index] = usdOf(row, 'cost_average');
    trends.set(key, days);
  }
  return { lastDay: new Date(lastDay).toISOString(), byValue: trends };
}
