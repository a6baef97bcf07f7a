import { shareOf, shareOfCost } from '../../answer/frame.js';
import type { Query, QueryRow } from '../../report/query.js';
import type { ReviewScope, SectionAnswer } from '../section.js';
import { featureName } from './names.js';

const shown = 8;

/** Where the money went: the features that cost most, and how that moved. */
export async function featuresSection(scope: ReviewScope): Promise<SectionAnswer | null> {
  const { books, window, previous, filters } = scope;
  const query: Query = {
    measures: ['cost', 'calls', 'cost_average'],
    dimensions: ['feature'],
    filters,
    window,
    limit: 1_000,
  };
  const [now, before] = await Promise.all([
    books.query(query),
    books.query({ ...query, window: previous, limit: 100_000 }),
  ]);
  const priced = now.rows.filter((row) => row['cost'] != null && Number(row['cost']) !== 0);
  if (priced.length === 0) return null;
  const earlier = new Map(before.rows.map((row) => [row['feature'], row['cost']]));
  const total = now.rows.reduce((sum, row) => sum + Number(row['cost'] ?? 0), 0);
  const top = priced.slice(0, shown);
  const rows = top.map((row) => ({
    feature: featureName(row['feature'] as string | null),
    usd: String(row['cost']),
    share: shareOfCost(Number(row['cost']), total),
    change: changeOf(row, earlier),
    calls: Number(row['calls']),
    average: row['cost_average'] == null ? null : String(row['cost_average']),
  }));
  const three = rows.slice(0, 3);
  const names = three.map(({ feature }) => feature).join(', ');
  const part = Math.round(three.reduce((sum, { share }) => sum + (share ?? 0), 0) * 100);
  return {
    section: {
      id: 'features',
      title: 'Top features',
      summary:
        priced.length <= 3
          ? `All spend is that of ${names}.`
          : total > 0
            ? `${names} are ${part} % of it.`
            : `${names} cost most; credits outweigh all cost, so that nothing has a share.`,
      charts: [{ kind: 'bars', bars: rows.map(({ feature, usd }) => ({ label: feature, usd })) }],
      table: {
        columns: [
          { key: 'feature', title: 'Feature', kind: 'text' },
          { key: 'usd', title: 'Cost', kind: 'usd' },
          { key: 'share', title: 'Share', kind: 'share' },
          { key: 'change', title: 'Against before', kind: 'change' },
          { key: 'calls', title: 'Calls', kind: 'count' },
          { key: 'average', title: 'A call', kind: 'usd' },
        ],
        rows,
      },
    },
  };
}

function changeOf(row: QueryRow, earlier: ReadonlyMap<unknown, QueryRow[string] | undefined>) {
  const before = Number(earlier.get(row['feature']) ?? 0);
  return before <= 0 ? null : shareOf(Number(row['cost']) - before, before);
}
