import { parseUsd } from '../../money.js';
import { buildTemplates } from '../../templates/templates-report.js';
import { monthlyUsd } from '../monthly-usd.js';
import type { ReviewAction, ReviewScope, SectionAnswer } from '../section.js';
import { featureFlag, featureName } from './names.js';

const shown = 6;

/** Prompt templates that changed, and what the change does to a call. */
export async function templatesSection(scope: ReviewScope): Promise<SectionAnswer | null> {
  const { books, window, filters } = scope;
  const report = await buildTemplates((query) => books.query(query), { window, filters });
  const changed = report.rows.filter(
    ({ is_change: isChange, template_version: version }) => isChange && version !== null,
  );
  if (changed.length === 0) return null;
  return {
    section: {
      id: 'templates',
      title: 'Templates that changed',
      summary: report.summary,
      table: {
        columns: [
          { key: 'feature', title: 'Feature', kind: 'text' },
          { key: 'version', title: 'Version', kind: 'text' },
          { key: 'before', title: 'Before', kind: 'text' },
          { key: 'extra', title: 'Costs more', kind: 'usd' },
          { key: 'why', title: 'What changed', kind: 'text' },
        ],
        rows: changed.slice(0, shown).map((row) => ({
          feature: featureName(row.feature),
          version: row.template_version,
          before: row.previous_version ?? null,
          extra: row.extra_usd,
          why: row.summary,
        })),
      },
      points: [{ text: 'Every version against the one before:', command: 'farthing templates' }],
    },
    actions: changed.flatMap((row): ReviewAction[] =>
      row.extra_usd === null ||
      parseUsd(row.extra_usd) <= 0n ||
      row.quantities.cost_per_call.verdict !== 'more'
        ? []
        : [
            {
              title: `Look at template ${row.template_version} of ${featureName(row.feature)}`,
              sentence: row.summary,
              monthly_usd: monthlyUsd(row.extra_usd, scope),
              command: `farthing templates ${featureFlag(row.feature)}`,
              section: 'templates',
            },
          ],
    ),
  };
}
