import type { CostStatus } from '@farthing/core';
import { useReport } from '../api/use-report.js';
import { statusReason } from '../calls/status-reason.js';
import { Failure } from '../controls/failure.js';
import { Skeleton } from '../controls/skeleton.js';
import { plural } from '../figures/counts.js';
import { useView } from '../view/use-view.js';
import { fetchMissing } from './attention-report.js';
import { UnpricedLine } from './unpriced-line.js';

const remedies: Partial<Record<CostStatus, string>> = {
  unknown_model:
    'Each model says what would give it a price. After that, reprice books the waiting calls at it: nothing is lost by adding it late.',
  no_usage:
    'For OpenAI-compatible streams the gateway asks for usage by itself. A server that still sends none cannot be metered.',
  invalid_usage: 'Open one of the calls: its details show the numbers as the provider sent them.',
  contract_required:
    'The price stands in your contract, so the price book cannot know it: add it as your own.',
  partial: 'What is priced is in every total; the part without a price is missing from them.',
  not_billed: 'Nothing to do: these ended in an error of the provider.',
};

const order: CostStatus[] = [
  'unknown_model',
  'contract_required',
  'invalid_usage',
  'no_usage',
  'partial',
  'not_billed',
];

/** Calls whose cost is not known, by reason. They are counted here and never as nothing. */
export function Unpriced() {
  const { view } = useView();
  const { data, error, outdated, retry } = useReport('unpriced', [view.window], (now, signal) =>
    fetchMissing(view, now, signal),
  );
  const calls = data?.reduce((sum, model) => sum + model.calls, 0) ?? 0;
  const reasons = order.flatMap((status) => {
    const models = (data ?? []).filter(({ cost_status }) => cost_status === status);
    return models.length === 0 ? [] : [{ status, models }];
  });
  return (
    <section
      id="unpriced"
      aria-labelledby="unpriced-title"
      className={`panel scroll-mt-20 px-4 py-5 sm:px-6 ${outdated ? 'outdated' : ''}`}
    >
      <h2 id="unpriced-title" className="text-base font-semibold">
        {!data
          ? 'Unpriced calls'
          : calls === 0
            ? 'Every call has a price'
            : `${plural(calls, 'call')} without a price`}
      </h2>
      <p className="mt-1 max-w-[44rem] text-ink-2">
        {data && calls === 0
          ? 'All calls of this window that are billed have been priced.'
          : `Their cost is unknown, so it is missing from every total.${view.filters.length > 0 ? ' This list covers all calls of the window, whatever the filters.' : ''}`}
      </p>
      {error && !data && <Failure what="the unpriced calls" error={error} retry={retry} />}
      {!data && !error && <Skeleton className="mt-4 block h-24 w-full" />}
      {reasons.map(({ status, models }) => (
        <div
          key={status}
          className="mt-5 grid grid-cols-[minmax(0,1fr)] gap-x-10 gap-y-3 border-t border-line pt-5 lg:grid-cols-[minmax(0,20rem)_minmax(0,1fr)]"
        >
          <div className="text-[0.8125rem]">
            <h3 className="text-sm font-semibold">{statusReason(status)}</h3>
            <p className="mt-1 text-ink-2">{remedies[status]}</p>
          </div>
          <div className="min-w-0">
            <ul className="-mt-2 text-[0.8125rem]">
              {models.map((price) => (
                <UnpricedLine key={`${price.provider} ${price.model}`} price={price} />
              ))}
            </ul>
          </div>
        </div>
      ))}
    </section>
  );
}
