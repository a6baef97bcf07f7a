import type { Reconciliation } from '@farthing/core';
import { useState } from 'react';
import type { LatestReconciliation } from '../api/contract.js';
import { Choice } from '../controls/choice.js';
import { formatAgo, formatDay, formatMoment, formatRange } from '../figures/times.js';
import { formatUsd } from '../money/usd.js';
import { beyondProvider, formatAccuracy, isIdle } from './accuracy-report.js';
import { DayChart } from './day-chart.js';
import { ModelTable } from './model-table.js';
import { NextSteps } from './next-steps.js';
import { Waterfall } from './waterfall.js';

/** One provider: how much of its bill is accounted for, and why the rest is not. */
export function ProviderPanel({
  latest,
  runs,
}: {
  latest: LatestReconciliation;
  runs: readonly Reconciliation[];
}) {
  const [chosen, setChosen] = useState<string | null>(null);
  const run = runs.find(({ id }) => id === chosen) ?? runs[0];
  const title = `provider-${latest.provider}`;
  if (run === undefined) return null;
  const beyond = beyondProvider(run);
  const idle = isIdle(run);
  return (
    <section aria-labelledby={title} className="panel px-4 py-5 sm:px-6">
      <div className="flex flex-wrap items-start gap-x-8 gap-y-4">
        <div className="min-w-0 flex-1 basis-80">
          <h2 id={title} className="text-base font-semibold">
            {latest.provider}
          </h2>
          {idle ? (
            <p className="mt-2 text-ink-2">
              No usage on either side, {formatRange(run.window.from, run.window.to)}: there is
              nothing to compare.
            </p>
          ) : (
            <>
              <p className="figure mt-2 text-[2.5rem] leading-none font-semibold tracking-[-0.02em]">
                {formatAccuracy(run.accuracy)}
              </p>
              <p className="mt-1.5 text-[0.8125rem] text-ink-3">
                of the provider’s figure is accounted for,{' '}
                {formatRange(run.window.from, run.window.to)}
              </p>
              {beyond !== null && (
                <p className="mt-1.5 font-medium text-warn">
                  The ledger has <span className="figure">{formatUsd(beyond)}</span> beyond it.
                </p>
              )}
              <p className="mt-3 max-w-[44rem]">{run.verdict}</p>
            </>
          )}
        </div>
        <div className="flex flex-col items-start gap-1.5 text-[0.8125rem] text-ink-3">
          {runs.length > 1 && (
            <Choice
              label="Reconciliation"
              value={run.id}
              options={runs.map((each) => ({
                value: each.id,
                label: `${formatRange(each.window.from, each.window.to)} (run ${formatDay(each.ran_at)})`,
              }))}
              onChange={setChosen}
            />
          )}
          <span title={`${formatMoment(run.ran_at)} UTC`}>
            Reconciled {formatAgo(Date.now() - Date.parse(run.ran_at))}
          </span>
        </div>
      </div>
      {!idle && (
        <>
          <div className="mt-6">
            <DayChart days={latest.days} />
          </div>
          <div className="mt-6 grid grid-cols-[minmax(0,1fr)] gap-x-10 gap-y-6 lg:grid-cols-[minmax(0,1.4fr)_minmax(0,1fr)]">
            <Waterfall run={run} />
            <ModelTable models={run.models} />
          </div>
          <NextSteps run={run} />
        </>
      )}
      {!idle && <Remarks run={run} />}
    </section>
  );
}

/** What a careful reader should know about the figures. */
function Remarks({ run }: { run: Reconciliation }) {
  const remarks = [
    ...run.excluded_days.map(({ day, reason }) => `${formatDay(day)} is left out: ${reason}`),
    ...run.notes,
  ];
  if (remarks.length === 0) return null;
  return (
    <ul className="mt-5 max-w-[60rem] list-disc space-y-1 border-t border-line pt-4 pl-4 text-[0.8125rem] text-ink-2">
      {remarks.map((remark) => (
        <li key={remark}>{remark}</li>
      ))}
    </ul>
  );
}
