import { buildSubstitutions } from '../../whatif/substitutions.js';
import { displayUsd } from '../../whatif/display-usd.js';
import type { ReviewScope, SectionAnswer } from '../section.js';
import { featureName } from './names.js';

const shown = 5;

/** Features that a cheaper model might serve (R31). */
export async function substitutionsSection(scope: ReviewScope): Promise<SectionAnswer | null> {
  const { books, prices, window, filters, now } = scope;
  const { candidates, monthly_savings_usd: monthly } = await buildSubstitutions(books, prices, {
    window,
    filters,
    now,
  });
  if (candidates.length === 0) return null;
  return {
    section: {
      id: 'substitutions',
      title: 'Cheaper models',
      summary: `${candidates.length} ${candidates.length === 1 ? 'feature' : 'features'} might do with a cheaper model: about ${displayUsd(monthly)} a month.`,
      table: {
        columns: [
          { key: 'feature', title: 'Feature', kind: 'text' },
          { key: 'from', title: 'From', kind: 'text' },
          { key: 'to', title: 'To', kind: 'text' },
          { key: 'usd', title: 'Cost', kind: 'usd' },
          { key: 'saved', title: 'Would have saved', kind: 'usd' },
          { key: 'share', title: 'Share', kind: 'share' },
        ],
        rows: candidates.slice(0, shown).map((each) => ({
          feature: featureName(each.feature),
          from: each.from.model,
          to: each.to.model,
          usd: each.actual_usd,
          saved: each.savings_usd.expected,
          share: each.savings_share,
        })),
      },
      points: candidates.slice(0, shown).map(({ sentence, risks, command }) => ({
        text: [sentence, ...risks].join(' '),
        command,
      })),
    },
    actions: candidates.map((each) => ({
      title: `Try ${each.to.model} for ${featureName(each.feature)}`,
      sentence: `${each.sentence} ${each.risks[0] ?? ''}`.trim(),
      monthly_usd: each.monthly_savings_usd,
      command: each.command,
      section: 'substitutions',
    })),
  };
}
