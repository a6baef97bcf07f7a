import type { ReviewAction } from '@farthing/core';
import { Money } from '../../controls/money.js';
import { CommandLine } from '../command-line.js';
import { Sentence } from '../sentence.js';
import { MoreLink } from './more-link.js';

const shown = 3;

/** The three things to do, what is worth most first; what else there is stays folded. */
export function Actions({ actions }: { actions: readonly ReviewAction[] }) {
  if (actions.length === 0) return null;
  const further = actions.slice(shown);
  return (
    <section aria-labelledby="things-to-do" className="px-4 sm:px-6">
      <h3 id="things-to-do" className="font-semibold">
        {actions.length === 1
          ? 'One thing to do'
          : `${Math.min(shown, actions.length) === 2 ? 'Two' : 'Three'} things to do`}
      </h3>
      <ol className="mt-2 grid gap-4 lg:grid-cols-3">
        {actions.slice(0, shown).map((action, index) => (
          <li
            key={action.title}
            className="flex min-w-0 flex-col rounded-lg border border-line bg-sunk p-4 print:break-inside-avoid"
          >
            <p className="flex gap-2 font-semibold">
              <span className="figure text-accent-ink">{index + 1}</span>
              <span className="min-w-0 break-words">{action.title}</span>
            </p>
            <Worth action={action} />
            <p className="mt-1 mb-3 text-[0.8125rem] text-ink-2">
              <Sentence text={action.sentence} />
            </p>
            <div className="mt-auto">
              <MoreLink section={action.section} />
              <div className="mt-2">
                <CommandLine command={action.command} />
              </div>
            </div>
          </li>
        ))}
      </ol>
      {further.length > 0 && (
        <details className="mt-3 text-[0.8125rem] print:hidden">
          <summary className="w-fit text-ink-2 underline decoration-dotted underline-offset-2">
            {further.length} more
          </summary>
          <ul className="mt-1 divide-y divide-line">
            {further.map((action) => (
              <li key={action.title} className="py-2">
                <span className="font-medium">{action.title}</span>
                {action.monthly_usd !== null && (
                  <span className="text-ink-2">
                    , about <Money usd={action.monthly_usd} /> a month
                  </span>
                )}
                <span className="block max-w-[56rem] text-ink-2">
                  <Sentence text={action.sentence} />
                </span>
              </li>
            ))}
          </ul>
        </details>
      )}
      <p className="mt-2 text-xs text-ink-3">
        Amounts are of 30 days at the pace of the window. They do not add up: some undo others.
      </p>
    </section>
  );
}

function Worth({ action: { monthly_usd: usd } }: { action: ReviewAction }) {
  if (usd === null) return null;
  return (
    <p className="figure mt-1">
      <span className="text-lg font-semibold">
        <Money usd={usd} />
      </span>{' '}
      <span className="text-[0.8125rem] text-ink-2">a month, about</span>
    </p>
  );
}
