import type { Reconciliation } from '@farthing/core';
import { SnippetBox } from '../controls/snippet-box.js';
import { nextSteps } from './accuracy-report.js';

/** What to do about the causes, the largest first. */
export function NextSteps({ run }: { run: Reconciliation }) {
  const steps = nextSteps(run);
  if (steps.length === 0) return null;
  return (
    <div className="mt-6">
      <h3 className="text-[0.8125rem] font-medium text-ink-2">Next steps</h3>
      <ol className="mt-2 space-y-3 border-t border-line pt-3 text-[0.8125rem]">
        {steps.map(({ cause, title, next_step: step, command }) => (
          <li
            key={cause}
            className="grid grid-cols-[minmax(0,1fr)] gap-x-10 gap-y-2 lg:grid-cols-2"
          >
            <p className="max-w-[44rem]">
              <span className="block font-medium">
                {title.charAt(0).toUpperCase() + title.slice(1)}
              </span>
              <span className="text-ink-2">{step}</span>
            </p>
            {command !== undefined && <SnippetBox place="Terminal" code={command} />}
          </li>
        ))}
      </ol>
    </div>
  );
}
