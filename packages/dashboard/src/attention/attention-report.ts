import type { Filter, MissingPrice, QueryRow, TagName } from '@farthing/core';
import { fetchMissingPrices, runQuery } from '../api/contract.js';
import { countOf, keyOf, usdOf } from '../api/row.js';
import type { View } from '../view/view.js';
import { windowOf } from '../view/window.js';

export const fetchMissing = async (
  view: Pick<View, 'window'>,
  now: number,
  signal: AbortSignal,
): Promise<MissingPrice[]> =>
  (await fetchMissingPrices(windowOf(view.window, now), signal)).missing;

/** Calls without a feature, by where they come from: enough to find the code that sends them. */
export interface Origin {
  source: string | null;
  provider: string | null;
  api: string | null;
  model: string | null;
  calls: number;
  cost: string | null;
  unpriced: number;
}

/** How much of the window carries a tag. */
export interface Coverage {
  tag: TagName;
  missingCalls: number;
  missingCost: string | null;
}

export interface UnattributedReport {
  origins: Origin[];
  truncated: boolean;
  coverage: Coverage[];
  calls: number;
  cost: string | null;
}

const coveredTags: TagName[] = ['feature', 'tenant', 'user', 'segment', 'environment'];
const originColumns = ['source', 'provider', 'api', 'model'] as const;

export async function fetchUnattributed(
  view: Pick<View, 'window' | 'filters'>,
  now: number,
  signal: AbortSignal,
): Promise<UnattributedReport> {
  const window = windowOf(view.window, now);
  const without = (tag: TagName): Filter[] => [
    ...view.filters,
    { dimension: tag, op: 'in', values: [null] },
  ];
  const [origins, totals, ...missing] = await Promise.all([
    runQuery(
      {
        measures: ['cost', 'calls', 'unpriced_calls'],
        dimensions: [...originColumns],
        filters: without('feature'),
        window,
        order: [
          { by: 'cost', direction: 'desc' },
          { by: 'calls', direction: 'desc' },
        ],
        limit: 50,
      },
      signal,
    ),
    runQuery({ measures: ['cost', 'calls'], filters: view.filters, window }, signal),
    ...coveredTags.map((tag) =>
      runQuery({ measures: ['cost', 'calls'], filters: without(tag), window }, signal),
    ),
  ]);
  return {
    origins: origins.rows.map(originOf),
    truncated: origins.truncated,
    coverage: coveredTags.map((tag, index) => ({
      tag,
      missingCalls: countOf(missing[index]?.rows[0], 'calls'),
      missingCost: usdOf(missing[index]?.rows[0], 'cost'),
    })),
    calls: countOf(totals.rows[0], 'calls'),
    cost: usdOf(totals.rows[0], 'cost'),
  };
}

const originOf = (row: QueryRow): Origin => ({
  source: keyOf(row, 'source'),
  provider: keyOf(row, 'provider'),
  api: keyOf(row, 'api'),
  model: keyOf(row, 'model'),
  calls: countOf(row, 'calls'),
  cost: usdOf(row, 'cost'),
  unpriced: countOf(row, 'unpriced_calls'),
});
