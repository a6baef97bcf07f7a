import type { BudgetOutlook } from '@farthing/core';
import { Link } from '@tanstack/react-router';
import { Badge, type Tone } from '../../controls/badge.js';
import { formatShare, plural } from '../../figures/counts.js';
import { useView, carry } from '../../view/use-view.js';
import { Sentence } from '../sentence.js';

const states: Record<BudgetOutlook['outlook'], { words: string; tone: Tone }> = {
  used_up: { words: 'used up', tone: 'bad' },
  runs_out: { words: 'runs out', tone: 'warn' },
  may_run_out: { words: 'may run out', tone: 'warn' },
  lasts: { words: 'lasts', tone: 'good' },
  unknown: { words: 'not known', tone: 'calm' },
};
const order = Object.keys(states);

/**
 * The account of each budget that ends first, and how many more end likewise: those with a worse
 * outlook in front.
 */
function firstOfEach(outlooks: readonly BudgetOutlook[]) {
  const sorted = outlooks.toSorted(
    (one, other) =>
      order.indexOf(one.outlook) - order.indexOf(other.outlook) ||
      (one.runs_out_at ?? '9').localeCompare(other.runs_out_at ?? '9'),
  );
  const budgets = new Map<string, BudgetOutlook[]>();
  for (const outlook of sorted) {
    const key = `${outlook.budget} ${outlook.window} ${outlook.measure}`;
    budgets.set(key, [...(budgets.get(key) ?? []), outlook]);
  }
  return [...budgets.values()].map((accounts) => {
    const first = accounts[0]!;
    const alike = accounts.filter(({ outlook }) => outlook === first.outlook);
    return { first, others: alike.length - 1 };
  });
}

/** Budgets, those that end first in front. Those of all calls are asked whatever is filtered for. */
export function BudgetOutlooks({ outlooks }: { outlooks: readonly BudgetOutlook[] }) {
  const { view } = useView();
  if (outlooks.length === 0) return null;
  const budgets = firstOfEach(outlooks);
  return (
    <section aria-labelledby="budgets-that-end">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <h3 id="budgets-that-end" className="font-semibold">
          Budgets
        </h3>
        <Link
          to="/budgets"
          search={carry(view) as never}
          className="text-[0.8125rem] text-accent-ink underline underline-offset-2"
        >
          All budgets
        </Link>
      </div>
      <ul className="mt-1 divide-y divide-line">
        {budgets.map(({ first: outlook, others }) => {
          const { words, tone } = states[outlook.outlook];
          return (
            <li
              key={`${outlook.budget} ${outlook.window} ${outlook.measure} ${JSON.stringify(outlook.scope)}`}
              className="grid gap-x-3 gap-y-1 py-2 sm:grid-cols-[7rem_minmax(0,1fr)_6rem]"
            >
              <span>
                <Badge tone={tone}>{words}</Badge>
              </span>
              <span className="max-w-[64rem] min-w-0 text-[0.8125rem] break-words">
                <Sentence text={outlook.summary} />
                {outlook.paused && <span className="text-ink-3"> It is paused.</span>}
                {others > 0 && (
                  <span className="text-ink-3">
                    {' '}
                    {plural(others, 'more account')} of it: {words} as well.
                  </span>
                )}
              </span>
              <span className="figure hidden text-right text-[0.8125rem] text-ink-3 sm:block">
                {formatShare(outlook.ratio)} used
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
