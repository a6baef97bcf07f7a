import { buildBudgetOutlooks, type BudgetOutlook } from '../../forecast/budget-outlook.js';
import type { ReviewScope, SectionAnswer } from '../section.js';

const shown = 8;
const rank: Readonly<Record<BudgetOutlook['outlook'], number>> = {
  used_up: 0,
  runs_out: 1,
  may_run_out: 2,
  unknown: 3,
  lasts: 4,
};

/** Whether budgets last at their pace. */
export async function budgetsSection(scope: ReviewScope): Promise<SectionAnswer | null> {
  const { books, budgets, now } = scope;
  if (budgets.length === 0) return null;
  const outlooks = (await buildBudgetOutlooks(books, budgets, now)).toSorted(
    (a, b) => rank[a.outlook] - rank[b.outlook] || b.ratio - a.ratio,
  );
  if (outlooks.length === 0) return null;
  const short = outlooks.filter(({ outlook }) => outlook === 'used_up' || outlook === 'runs_out');
  return {
    section: {
      id: 'budgets',
      title: 'Budgets',
      summary:
        short.length === 0
          ? `Nothing runs out early among ${outlooks.length} ${outlooks.length === 1 ? 'account' : 'accounts'}.`
          : short[0]!.summary,
      table: {
        columns: [
          { key: 'budget', title: 'Budget', kind: 'text' },
          { key: 'scope', title: 'Of', kind: 'text' },
          { key: 'ratio', title: 'Used', kind: 'share' },
          { key: 'outlook', title: 'Outlook', kind: 'text' },
          { key: 'runs_out_at', title: 'Runs out', kind: 'text' },
        ],
        rows: outlooks.slice(0, shown).map((each) => ({
          budget: each.budget,
          scope: Object.values(each.scope).join(', '),
          ratio: each.ratio,
          outlook: each.outlook.replaceAll('_', ' '),
          runs_out_at: each.runs_out_at?.slice(0, 16).replace('T', ' ') ?? null,
        })),
      },
      points: [{ text: 'When each of them runs out:', command: 'farthing forecast --budgets' }],
    },
  };
}
