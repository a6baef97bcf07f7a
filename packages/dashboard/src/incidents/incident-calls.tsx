import type { Incident } from '@farthing/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { fetchCall } from '../api/contract.js';
import { callDigits } from '../calls/call-digits.js';
import { inputTokens } from '../calls/tokens.js';
import { Money } from '../controls/money.js';
import { Skeleton } from '../controls/skeleton.js';
import { formatCompact } from '../figures/counts.js';
import { formatInstant } from '../figures/times.js';
import { carry, useView } from '../view/use-view.js';
import { filtersOf } from './incident-calls-filters.js';

/** The call that it began with, and those that show it best; each opens beside the page. */
export function IncidentCalls({ incident }: { incident: Incident }) {
  const { view } = useView();
  const { first_call: first, examples, since, run } = incident;
  const others = examples.filter((id) => id !== first);
  const window = { kind: 'custom' as const, from: since, to: new Date().toISOString() };
  const filters =
    run === null
      ? filtersOf(incident)
      : [{ dimension: 'run' as const, op: 'in' as const, values: [run] }];
  return (
    <section aria-labelledby="its-calls" className="panel px-4 py-4 sm:px-6">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <h2 id="its-calls" className="font-semibold">
          Calls that show it
        </h2>
        <Link
          to="/calls"
          search={carry(view, { filters, window, order: 'dearest' }) as never}
          className="text-[0.8125rem] font-medium text-accent-ink hover:underline"
        >
          All calls since it began
        </Link>
      </div>
      {first === null && others.length === 0 ? (
        <p className="mt-1 text-[0.8125rem] text-ink-3">No single call stands for it.</p>
      ) : (
        <ul className="mt-1 text-[0.8125rem]">
          {first !== null && <CallLine id={first} isFirst />}
          {others.map((id) => (
            <CallLine key={id} id={id} />
          ))}
        </ul>
      )}
    </section>
  );
}

function CallLine({ id, isFirst = false }: { id: string; isFirst?: boolean }) {
  const { change } = useView();
  const { data, error } = useQuery({
    queryKey: ['call', id],
    queryFn: ({ signal }) => fetchCall(id, signal),
    staleTime: 30_000,
  });
  const call = data?.call;
  return (
    <li className="relative grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 border-b border-line py-2 last:border-0 hover:bg-sunk">
      <button
        type="button"
        onClick={() => change({ call: id })}
        className="min-w-0 text-left after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:outline-accent-ink"
      >
        <span className="figure font-medium">
          {call === undefined ? id : formatInstant(call.started_at)}
        </span>
        {isFirst && <span className="text-ink-2"> · the first one</span>}
        <span className="figure block truncate text-ink-3">
          {call !== undefined
            ? `${call.model ?? call.model_requested ?? 'no model'}${call.tokens === null ? '' : `, ${formatCompact(inputTokens(call.tokens))} in, ${formatCompact(call.tokens.output)} out`}`
            : error !== null
              ? 'no longer in the ledger'
              : 'Loading …'}
        </span>
      </button>
      <span className="font-semibold">
        {call !== undefined ? (
          <Money usd={call.cost_usd} digits={callDigits(call.cost_usd)} />
        ) : (
          error === null && <Skeleton className="h-4 w-14" />
        )}
      </span>
    </li>
  );
}
