import type { BudgetOutlook } from '@farthing/core';
import { Link } from '@tanstack/react-router';
import { Badge, type Tone } from '../../controls/badge.js';
import { formatShare } from '../../figures/counts.js';
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

/** Budgets, those that end first in front. Those of all calls are asked whatever is filtered for. */
export function BudgetOutlooks({ outlooks }: { outlooks: readonly BudgetOutlook[] }) {
  const { view } = useView();
  if (outlooks.length === 0) return null;
  const sorted = outlooks.toSorted(
    (one, other) =>
      order.indexOf(one.outlook) - order.indexOf(other.outlook) ||
      (one.runs_out_at ?? '9').localeCompare(other.runs_out_at ?? '9'),
  );
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
        {sorted.map((outlook) => {
          const { words, tone } = states[outlook.outlook];
          return (
            <li
              key={`${outlook.budget} ${outlook.window} ${outlook.measure} ${JSON.stringify(outlook.scope)}`}
              className="grid grid-cols-[7rem_minmax(0,1fr)] gap-x-3 py-2 sm:grid-cols-[7rem_minmax(0,1fr)_6rem]"
            >
              <span>
                <Badge tone={tone}>{words}</Badge>
              </span>
              <span className="min-w-0 text-[0.8125rem] break-words">
                <Sentence text={outlook.summary} />
                {outlook.paused && <span className="text-ink-3"> It is paused.</span>}
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
