import { buildOutliers } from '../../outliers/outlier-report.js';
import { monthlyUsd } from '../monthly-usd.js';
import type { ReviewScope, SectionAnswer } from '../section.js';
import { featureFlag, featureName } from './names.js';

const shown = 5;
/** Outliers that are less of all spend are no task for the week. */
const leastShare = 0.02;

/** Calls that cost far more than their peers, and why. */
export async function outliersSection(scope: ReviewScope): Promise<SectionAnswer | null> {
  const { books, window, filters, now } = scope;
  const report = await buildOutliers(books, { window, filters, now, top: shown });
  if (report.outliers.length === 0) return null;
  const [worst] = report.groups.toSorted((a, b) => Number(b.excess_usd) - Number(a.excess_usd));
  const isTask = worst !== undefined && (report.total.cost_share ?? 0) >= leastShare;
  return {
    section: {
      id: 'outliers',
      title: 'Outliers',
      summary: report.summary,
      table: {
        columns: [
          { key: 'feature', title: 'Feature', kind: 'text' },
          { key: 'usd', title: 'Cost', kind: 'usd' },
          { key: 'median', title: 'Median of its peers', kind: 'usd' },
          { key: 'why', title: 'Why', kind: 'text' },
          { key: 'call', title: 'Call', kind: 'text' },
        ],
        rows: report.outliers.map((outlier) => ({
          feature: featureName(outlier.call.tags.feature),
          usd: outlier.cost_usd,
          median: outlier.median_usd,
          why: outlier.summary,
          call: outlier.call.id,
        })),
      },
      points: [{ text: 'All of them, with their runs:', command: 'farthing outliers' }],
    },
    ...(isTask
      ? {
          actions: [
            {
              title: `Stop the outliers of ${featureName(worst.feature)}`,
              sentence: `${worst.outliers} calls of ${featureName(worst.feature)} cost far more than their peers.`,
              monthly_usd: monthlyUsd(worst.excess_usd, scope),
              command: `farthing outliers ${featureFlag(worst.feature)}`,
              section: 'outliers',
            },
          ],
        }
      : {}),
  };
}
