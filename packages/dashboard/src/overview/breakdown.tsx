import type { Dimension } from '@farthing/core';
import { useReport } from '../api/use-report.js';
import { Failure } from '../controls/failure.js';
import { Money } from '../controls/money.js';
import { Skeleton } from '../controls/skeleton.js';
import { formatShare, plural } from '../figures/counts.js';
import { basisPoints, isUnpriced, parseUsd } from '../money/usd.js';
import { dimensionLabel, valueLabel } from '../view/dimensions.js';
import { hasValue, toggleValue } from '../view/filters.js';
import { useView } from '../view/use-view.js';
import { fetchBreakdown } from './breakdown-report.js';

/** The dearest values of one dimension as bars; a click filters. */
export function Breakdown({
  dimension,
  whole,
}: {
  dimension: Dimension;
  /** Spend of the whole window in picodollars, so that shares hold although the list is cut off; null before it is known. */
  whole: bigint | null;
}) {
  const { view, change } = useView();
  const { data, error, outdated, retry } = useReport(
    'breakdown',
    [dimension, view.window, view.filters, view.asOf],
    (now, signal) => fetchBreakdown(view, dimension, now, signal),
    whole !== null,
  );
  const most = data?.slices[0]?.cost ?? '0';
  return (
    <section
      aria-labelledby={`by-${dimension}`}
      className={`panel px-4 py-4 sm:px-6 ${outdated ? 'outdated' : ''}`}
    >
      <div className="flex items-baseline justify-between">
        <h2 id={`by-${dimension}`} className="text-base font-semibold">
          {dimensionLabel(dimension, 'many')}
        </h2>
        {view.group !== dimension && (
          <button
            type="button"
            onClick={() => change({ group: dimension })}
            className="text-[0.8125rem] text-accent-ink hover:underline"
          >
            Chart by {dimensionLabel(dimension).toLowerCase()}
          </button>
        )}
      </div>
      {error && !data && (
        <Failure
          what={dimensionLabel(dimension, 'many').toLowerCase()}
          error={error}
          retry={retry}
        />
      )}
      <ul className="-mx-2 mt-2 min-h-40 lg:min-h-64 text-[0.8125rem]">
        {!data &&
          !error &&
          Array.from({ length: 6 }, (_, index) => (
            <li key={index} className="px-2 py-2">
              <Skeleton className="h-5 w-full" />
            </li>
          ))}
        {data?.slices.length === 0 && (
          <li className="px-2 py-6 text-center text-ink-3">No calls match.</li>
        )}
        {data?.slices.map(({ key, cost, calls, unpriced }) => {
          const share = cost === null ? null : basisPoints(parseUsd(cost), whole ?? 0n);
          const length = cost === null ? null : basisPoints(parseUsd(cost), parseUsd(most ?? '0'));
          return (
            <li key={key ?? '\0'}>
              <button
                type="button"
                aria-pressed={hasValue(view.filters, dimension, key)}
                onClick={() => change({ filters: toggleValue(view.filters, dimension, key) })}
                title={plural(calls, 'call')}
                className="block w-full rounded-md px-2 py-1.5 text-left hover:bg-sunk aria-pressed:bg-accent-soft"
              >
                <span className="flex items-baseline gap-2">
                  <span
                    className={`min-w-0 flex-1 truncate ${key === null ? 'text-ink-2 italic' : ''}`}
                  >
                    {valueLabel(dimension, key)}
                  </span>
                  <Money
                    usd={isUnpriced(cost, unpriced) ? null : cost}
                    reason={`${plural(unpriced, 'call')} without a price`}
                  />
                  <span className="figure w-11 text-right text-ink-3">
                    {formatShare(share === null ? null : share / 10_000)}
                  </span>
                </span>
                <span className="mt-1 block h-1 overflow-hidden rounded-full bg-line">
                  <span
                    className="block h-full rounded-full bg-accent"
                    style={{ width: `${(length ?? 0) / 100}%` }}
                  />
                </span>
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
