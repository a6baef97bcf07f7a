import { buildBatchable } from '../../whatif/batchable.js';
import { displayUsd } from '../../whatif/display-usd.js';
import type { ReviewScope, SectionAnswer } from '../section.js';
import { featureName } from './names.js';

const shown = 5;

/** Work that could be sent as batches (R33). */
export async function batchableSection(scope: ReviewScope): Promise<SectionAnswer | null> {
  const { books, prices, window, filters, now } = scope;
  const { work, monthly_savings_usd: monthly } = await buildBatchable(books, prices, {
    window,
    filters,
    now,
  });
  if (work.length === 0) return null;
  return {
    section: {
      id: 'batchable',
      title: 'Batchable work',
      summary: `${work.length} ${work.length === 1 ? 'feature' : 'features'} could be sent as batches: about ${displayUsd(monthly)} a month.`,
      table: {
        columns: [
          { key: 'feature', title: 'Feature', kind: 'text' },
          { key: 'confidence', title: 'Batchable', kind: 'text' },
          { key: 'rhythm', title: 'Comes', kind: 'text' },
          { key: 'usd', title: 'Cost', kind: 'usd' },
          { key: 'saved', title: 'Would have saved', kind: 'usd' },
        ],
        rows: work.slice(0, shown).map((each) => ({
          feature: featureName(each.feature),
          confidence: each.confidence,
          rhythm: each.evidence.rhythm.kind,
          usd: each.actual_usd,
          saved: each.savings_usd.expected,
        })),
      },
      points: work.slice(0, shown).map(({ sentence, risks, command }) => ({
        text: [sentence, ...risks].join(' '),
        command,
      })),
    },
    // What is only possible is for people who know the feature to judge, no task of the week.
    actions: work
      .filter(({ confidence }) => confidence === 'likely')
      .map((each) => ({
        title: `Send ${featureName(each.feature)} as batches`,
        sentence: each.sentence,
        monthly_usd: each.monthly_savings_usd,
        command: each.command,
        section: 'batchable',
      })),
  };
}
