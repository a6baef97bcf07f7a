import type { ModelName } from '@farthing/core';
import { Link } from '@tanstack/react-router';
import { Money } from '../controls/money.js';
import { Skeleton } from '../controls/skeleton.js';
import { plural } from '../figures/counts.js';
import { isUnpriced } from '../money/usd.js';
import { carry, useView } from '../view/use-view.js';
import type { BookedModel } from './prices-report.js';

/** The models in the books, dearest first; null while they are on their way. */
export function ModelList({
  models,
  typed,
  named,
}: {
  models: readonly BookedModel[] | null;
  typed: string;
  named: ModelName | null;
}) {
  const { view } = useView();
  return (
    <>
      <p className="mt-3 text-[0.8125rem] text-ink-3">Called in the last 30 days</p>
      <ul className="-mx-2 mt-1 max-h-72 overflow-y-auto text-[0.8125rem] lg:max-h-[32rem]">
        {models === null &&
          Array.from({ length: 6 }, (_, index) => (
            <li key={index} className="px-2 py-2">
              <Skeleton className="h-5 w-full" />
            </li>
          ))}
        {models?.map(({ provider, model, calls, cost, unpriced }) => (
          <li key={`${provider}/${model}`}>
            <Link
              to="/prices/$provider/$model"
              params={{ provider, model } as never}
              search={carry(view) as never}
              activeOptions={{ exact: true, includeSearch: false }}
              title={plural(calls, 'call')}
              className="flex items-baseline gap-3 rounded-md px-2 py-1.5 hover:bg-sunk aria-[current=page]:bg-accent-soft"
            >
              <span className="min-w-0 flex-1">
                <span className="block truncate font-medium">{model}</span>
                <span className="block truncate text-xs text-ink-3">{provider}</span>
              </span>
              <Money
                usd={isUnpriced(cost, unpriced) ? null : cost}
                reason={`${plural(unpriced, 'call')} without a price`}
              />
            </Link>
          </li>
        ))}
        {models?.length === 0 && (
          <li className="px-2 py-4 text-ink-3">
            {typed === ''
              ? 'No calls yet.'
              : named === null
                ? 'None of them. “Show” asks the price book for it at each provider; or write provider/model.'
                : `None of them. “Show” asks the price book for ${named.provider}/${named.model}.`}
          </li>
        )}
      </ul>
    </>
  );
}
