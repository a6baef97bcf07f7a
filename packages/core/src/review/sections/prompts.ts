import { buildAudit } from '../../audit/audit-report.js';
import { divideHalfEven, formatUsd, parseUsdRounded } from '../../money.js';
import { monthlyUsd } from '../monthly-usd.js';
import type { ReviewAction, ReviewScope, SectionAnswer } from '../section.js';
import { featureFilter, featureName } from './names.js';

const shown = 5;

/** Where prompts are longer than they need to be: the largest levers of the audit (R31). */
export async function promptsSection(scope: ReviewScope): Promise<SectionAnswer | null> {
  const { books, window, filters } = scope;
  const { rows } = await buildAudit((query) => books.query(query), {
    by: ['feature'],
    window,
    filters,
  });
  const levers = rows
    .flatMap(({ group, lever }) =>
      lever?.usd == null ? [] : [{ feature: group['feature'], lever, usd: lever.usd }],
    )
    .toSorted((a, b) => Number(b.usd) - Number(a.usd))
    .slice(0, shown);
  const [first] = levers;
  if (first === undefined) return null;
  return {
    section: {
      id: 'prompts',
      title: 'Prompts',
      summary: `The largest part of a prompt that could shrink is in ${featureName(first.feature)}: ${lowered(first.lever.sentence)}`,
      table: {
        columns: [
          { key: 'feature', title: 'Feature', kind: 'text' },
          { key: 'source', title: 'From', kind: 'text' },
          { key: 'usd', title: 'Cost', kind: 'usd' },
          { key: 'share', title: 'Of its input', kind: 'share' },
          { key: 'advice', title: 'What to do', kind: 'text' },
        ],
        rows: levers.map(({ feature, lever, usd }) => ({
          feature: featureName(feature),
          source: lever.source,
          usd,
          share: lever.share,
          advice: lever.advice,
        })),
      },
    },
    actions: levers.map(({ feature, lever, usd }): ReviewAction => ({
      title: `Shorten the prompts of ${featureName(feature)}`,
      sentence: `${lever.sentence} A fifth less of it is counted here.`,
      monthly_usd: monthlyUsd(formatUsd(divideHalfEven(parseUsdRounded(usd), 5n)), scope),
      command: `farthing audit ${featureFilter(feature)}`,
      section: 'prompts',
    })),
  };
}

function lowered(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
