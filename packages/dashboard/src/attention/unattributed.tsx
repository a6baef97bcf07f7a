import { Link } from '@tanstack/react-router';
import { useReport } from '../api/use-report.js';
import { Failure } from '../controls/failure.js';
import { Money } from '../controls/money.js';
import { Skeleton } from '../controls/skeleton.js';
import { SnippetBox } from '../controls/snippet-box.js';
import { plural } from '../figures/counts.js';
import { isUnpriced } from '../money/usd.js';
import { carry, useView } from '../view/use-view.js';
import { fetchUnattributed, type Origin } from './attention-report.js';
import { TagCoverage } from './tag-coverage.js';

const shown = 12;

/** Calls that nobody has put a name to, where they come from, and the line that names them. */
export function Unattributed() {
  const { view } = useView();
  const { data, error, outdated, retry } = useReport(
    'unattributed',
    [view.window, view.filters],
    (now, signal) => fetchUnattributed(view, now, signal),
  );
  const missing = data?.coverage[0];
  return (
    <section
      id="unattributed"
      aria-labelledby="unattributed-title"
      className={`panel scroll-mt-20 px-4 py-5 sm:px-6 ${outdated ? 'outdated' : ''}`}
    >
      <h2 id="unattributed-title" className="text-base font-semibold">
        {!missing
          ? 'Unattributed calls'
          : missing.missingCalls === 0
            ? 'Every call has a feature'
            : `${plural(missing.missingCalls, 'call')} without a feature`}
      </h2>
      <p className="mt-1 max-w-[44rem] text-ink-2">
        {missing && missing.missingCalls > 0 ? (
          <>
            They cost <Money usd={missing.missingCost} /> that no feature answers for.
          </>
        ) : (
          'Spend can be told apart only as far as calls are tagged.'
        )}
      </p>
      {error && !data && <Failure what="the unattributed calls" error={error} retry={retry} />}
      {!data && !error && <Skeleton className="mt-4 block h-40 w-full" />}
      {data && (
        <div className="mt-4 grid grid-cols-[minmax(0,1fr)] gap-x-10 gap-y-6 lg:grid-cols-[minmax(0,1.3fr)_minmax(0,1fr)]">
          <div>
            <h3 className="mb-1 text-[0.8125rem] font-medium text-ink-2">Where they come from</h3>
            <ul className="border-t border-line text-[0.8125rem]">
              {data.origins.slice(0, shown).map((origin) => (
                <OriginLine key={Object.values(origin).slice(0, 4).join(' ')} origin={origin} />
              ))}
              {data.origins.length === 0 && (
                <li className="py-4 text-ink-3">From nowhere: all calls carry a feature.</li>
              )}
            </ul>
          </div>
          <div className="min-w-0 space-y-6">
            <TagCoverage report={data} />
            <SnippetBox
              place="Header on each request, or in the client's defaults"
              code={`x-farthing-feature: checkout\nx-farthing-tenant: acme\nx-farthing-tags: team=payments`}
            />
            <SnippetBox
              place="farthing.yaml: for calls that say nothing"
              code={`tags:\n  defaults:\n    feature: untagged-batch-jobs\n    environment: production`}
            />
          </div>
        </div>
      )}
    </section>
  );
}

function OriginLine({ origin }: { origin: Origin }) {
  const { view } = useView();
  const filters = [
    { dimension: 'feature' as const, op: 'in' as const, values: [null] },
    ...(['source', 'provider', 'api', 'model'] as const).map((dimension) => ({
      dimension,
      op: 'in' as const,
      values: [origin[dimension]],
    })),
  ];
  const rest = view.filters.filter(
    (filter) => !filters.some((each) => each.dimension === filter.dimension && filter.op === 'in'),
  );
  return (
    <li className="flex items-baseline gap-4 border-b border-line py-2">
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium">{origin.model ?? 'No model named'}</p>
        <p className="truncate text-ink-3">
          {[origin.provider, origin.api, origin.source && `via ${origin.source}`]
            .filter(Boolean)
            .join(', ')}
        </p>
      </div>
      <Link
        to="/calls"
        search={carry(view, { filters: [...rest, ...filters] }) as never}
        className="figure whitespace-nowrap text-accent-ink underline decoration-accent-ink/40 underline-offset-[3px] hover:decoration-current"
      >
        {plural(origin.calls, 'call')}
      </Link>
      <span className="w-20 text-right font-semibold">
        <Money
          usd={isUnpriced(origin.cost, origin.unpriced) ? null : origin.cost}
          reason={`${plural(origin.unpriced, 'call')} without a price`}
        />
      </span>
    </li>
  );
}
