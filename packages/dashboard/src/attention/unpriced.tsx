import { Link } from '@tanstack/react-router';
import type { CostStatus } from '@farthing/core';
import type { UnpricedModel } from '../api/contract.js';
import { useReport } from '../api/use-report.js';
import { statusReason } from '../calls/status-reason.js';
import { Failure } from '../controls/failure.js';
import { Skeleton } from '../controls/skeleton.js';
import { SnippetBox } from '../controls/snippet-box.js';
import { formatCompact, formatCount, plural } from '../figures/counts.js';
import { formatMoment } from '../figures/times.js';
import { carry, useView } from '../view/use-view.js';
import { fetchUnpricedModels } from './attention-report.js';

const remedies: Partial<Record<CostStatus, string>> = {
  unknown_model:
    'Check the name first. If the provider is one of your own in farthing.yaml, `price_as` looks its prices up under a known one; calls from now on are then priced.',
  no_usage:
    'Ask the provider for usage. For OpenAI-compatible streams the gateway does it by itself; a server that still sends none cannot be metered.',
  invalid_usage: 'Open one of the calls: its details show the numbers as the provider sent them.',
  contract_required: 'Your price stands in your contract; the price book cannot know it.',
  not_billed: 'Nothing to do: the provider answered with an error and does not bill it.',
};

/** Calls whose cost is not known. They are counted here and never as nothing. */
export function Unpriced() {
  const { view } = useView();
  const { data, error, outdated, retry } = useReport('unpriced', [view.window], (now, signal) =>
    fetchUnpricedModels(view, now, signal),
  );
  const calls = data?.reduce((sum, model) => sum + model.calls, 0) ?? 0;
  const unknown = data?.find(({ cost_status }) => cost_status === 'unknown_model');
  return (
    <section
      id="unpriced"
      aria-labelledby="unpriced-title"
      className={`panel scroll-mt-20 px-4 py-5 sm:px-6 ${outdated ? 'outdated' : ''}`}
    >
      <h2 id="unpriced-title" className="text-base font-semibold">
        {data
          ? calls === 0
            ? 'Every call has a price'
            : `${plural(calls, 'call')} without a price`
          : 'Unpriced calls'}
      </h2>
      <p className="mt-1 max-w-[44rem] text-ink-2">
        {data && calls === 0
          ? 'All calls of this window that are billed have been priced.'
          : 'Their cost is unknown, so it is missing from every total. Filters do not apply here.'}
      </p>
      {error && !data && <Failure what="the unpriced calls" error={error} retry={retry} />}
      {!data && !error && <Skeleton className="mt-4 block h-24 w-full" />}
      {data && data.length > 0 && (
        <>
          <ul className="mt-4 border-t border-line">
            {data.map((model) => (
              <UnpricedLine
                key={`${model.provider} ${model.model} ${model.cost_status}`}
                model={model}
              />
            ))}
          </ul>
          {unknown && (
            <div className="mt-5 grid items-start gap-5 lg:grid-cols-2">
              <SnippetBox
                place="farthing.yaml: price a provider of your own as a known one"
                code={`providers:\n  ${slug(unknown.provider)}:\n    base_url: https://…\n    price_as: openai`}
              />
              <SnippetBox
                place="Terminal: what the price book knows"
                code={`farthing doctor\nfarthing report --by provider,model,cost_status --since 30d`}
              />
            </div>
          )}
        </>
      )}
    </section>
  );
}

const slug = (provider: string | null) =>
  (provider ?? 'my-provider').toLowerCase().replace(/[^a-z0-9-]+/g, '-');

function UnpricedLine({ model }: { model: UnpricedModel }) {
  const { view } = useView();
  const filters = (['provider', 'model', 'cost_status'] as const).map((dimension) => ({
    dimension,
    op: 'in' as const,
    values: [model[dimension]],
  }));
  return (
    <li className="grid gap-x-6 gap-y-1 border-b border-line py-3 md:grid-cols-[minmax(0,16rem)_minmax(0,1fr)_auto]">
      <div className="min-w-0">
        <p className="font-medium break-words">{model.model ?? 'No model named'}</p>
        <p className="text-[0.8125rem] text-ink-3">{model.provider ?? 'Provider not known'}</p>
      </div>
      <div className="min-w-0 text-[0.8125rem]">
        <p>{statusReason(model.cost_status)}</p>
        <p className="mt-0.5 text-ink-3">{remedies[model.cost_status]}</p>
      </div>
      <div className="figure text-[0.8125rem] md:text-right">
        <Link
          to="/calls"
          search={carry(view, { filters }) as never}
          className="font-medium text-accent-ink underline decoration-accent-ink/40 underline-offset-[3px] hover:decoration-current"
        >
          {plural(model.calls, 'call')}
        </Link>
        <p
          className="text-ink-3"
          title={`${formatCount(model.tokens_input)} in, ${formatCount(model.tokens_output)} out`}
        >
          {formatCompact(model.tokens_input + model.tokens_output)} tokens
        </p>
        {model.last_seen !== null && (
          <p className="text-ink-3">last {formatMoment(model.last_seen)}</p>
        )}
      </div>
    </li>
  );
}
