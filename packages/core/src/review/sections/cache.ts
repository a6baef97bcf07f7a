import { buildCache } from '../../cache/cache-report.js';
import { parseUsd } from '../../money.js';
import { monthlyUsd } from '../monthly-usd.js';
import type { ReviewAction, ReviewScope, SectionAnswer } from '../section.js';
import { featureFilter, featureName } from './names.js';

const shown = 5;

/** What prompt caching returned, and where another setting would have saved. */
export async function cacheSection(scope: ReviewScope): Promise<SectionAnswer | null> {
  const { books, prices, window, filters, now } = scope;
  const report = await buildCache(books, prices, { by: ['feature'], window, filters, now });
  const notable = report.rows.filter(
    ({ flags, saves_usd: saves }) => flags.length > 0 || parseUsd(saves) > 0n,
  );
  if (report.rows.length === 0 || (report.hit_ratio === null && notable.length === 0)) return null;
  const actions = notable.flatMap(({ group, saves_usd: saves, summary }): ReviewAction[] =>
    parseUsd(saves) <= 0n
      ? []
      : [
          {
            title: `Change how ${featureName(group['feature'])} is cached`,
            sentence: summary,
            monthly_usd: monthlyUsd(saves, scope),
            command: `farthing cache ${featureFilter(group['feature'])}`,
            section: 'cache',
          },
        ],
  );
  return {
    section: {
      id: 'cache',
      title: 'Cache',
      summary: report.summary,
      points: notable.slice(0, shown).map(({ group, summary }) => ({
        text: `${featureName(group['feature'])}: ${summary}`,
        command: `farthing cache ${featureFilter(group['feature'])}`,
      })),
    },
    actions,
  };
}
