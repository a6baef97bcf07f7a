import type { Dimension, QueryRow } from '@farthing/core';
import { runQuery } from '../api/contract.js';
import { countOf, keyOf, usdOf } from '../api/row.js';
import { parseUsd, sumUsd, toDecimal } from '../money/usd.js';
import { knownAt, type View } from '../view/view.js';
import { windowOf } from '../view/window.js';

export interface Slice {
  key: string | null;
  cost: string | null;
  calls: number;
  unpriced: number;
}

export interface Breakdown {
  slices: Slice[];
  truncated: boolean;
}

const sliceLimit = 7;

export async function fetchBreakdown(
  view: Pick<View, 'window' | 'filters' | 'asOf'>,
  dimension: Dimension,
  now: number,
  signal: AbortSignal,
): Promise<Breakdown> {
  const scope = {
    filters: view.filters,
    window: windowOf(view.window, now),
    ...knownAt(view),
  };
  const { rows, truncated } = await runQuery(
    {
      measures: ['cost', 'calls', 'unpriced_calls'],
      dimensions: [dimension],
      order: [
        { by: 'cost', direction: 'desc' },
        { by: 'calls', direction: 'desc' },
      ],
      limit: sliceLimit,
      ...scope,
    },
    signal,
  );
  const slices = rows.map((row) => ({
    key: keyOf(row, dimension),
    cost: usdOf(row, 'cost'),
    calls: countOf(row, 'calls'),
    unpriced: countOf(row, 'unpriced_calls'),
  }));
  return { slices, truncated };
}

/** Spend in each hour of the day, 0 to 23 UTC, summed over the window's days. */
export interface HourProfile {
  hours: { cost: string; calls: number }[];
  peak: number;
}

export async function fetchHours(
  view: Pick<View, 'window' | 'filters' | 'asOf'>,
  now: number,
  signal: AbortSignal,
): Promise<HourProfile> {
  const { rows } = await runQuery(
    {
      measures: ['cost', 'calls'],
      bucket: 'hour',
      filters: view.filters,
      window: windowOf(view.window, now),
      ...knownAt(view),
      limit: 100_000,
    },
    signal,
  );
  return hourProfile(rows);
}

export function hourProfile(rows: readonly QueryRow[]): HourProfile {
  const hours = Array.from({ length: 24 }, (_, hour) => {
    const members = rows.filter((row) => new Date(String(row['bucket'])).getUTCHours() === hour);
    return {
      cost: toDecimal(sumUsd(members.map((row) => usdOf(row, 'cost')))),
      calls: members.reduce((sum, row) => sum + countOf(row, 'calls'), 0),
    };
  });
  const costs = hours.map(({ cost }) => parseUsd(cost));
  const peak = costs.reduce((best, cost, hour) => (cost > costs[best]! ? hour : best), 0);
  return { hours, peak };
}
