import { seriesId, seriesLabel } from '../chart/series-label.js';
import { other, type SeriesKey } from '../chart/stack.js';
import { Money } from '../controls/money.js';
import { Skeleton } from '../controls/skeleton.js';
import { formatShare } from '../figures/counts.js';
import { basisPoints, parseUsd, sumUsd } from '../money/usd.js';
import { hasValue, toggleValue } from '../view/filters.js';
import { useView } from '../view/use-view.js';
import type { GroupReport } from './group-report.js';

/** Which colour is what, with its sum and share. A line narrows everything to its value. */
export function Legend({
  report,
  colourOf,
}: {
  report: GroupReport | undefined;
  colourOf: (key: SeriesKey) => string;
}) {
  const { view, change } = useView();
  if (!report)
    return (
      <div className="space-y-3 py-1">
        {Array.from({ length: 8 }, (_, index) => (
          <Skeleton key={index} className="block h-4 w-full" />
        ))}
      </div>
    );
  const { stack, dimension } = report;
  const whole = sumUsd(stack.totals);
  const shown = stack.series.filter(({ total }) => total !== '0');
  if (shown.length === 0) return <p className="py-2 text-ink-3">Nothing was spent here.</p>;
  return (
    <ul className="-mx-2 self-start text-[0.8125rem]">
      {shown.map(({ key, total }) => {
        const share = basisPoints(parseUsd(total), whole);
        const line = (
          <>
            <span
              className="size-2.5 shrink-0 rounded-[3px]"
              style={{ background: colourOf(key) }}
            />
            <span className={`min-w-0 flex-1 truncate text-left ${key === null ? 'italic' : ''}`}>
              {seriesLabel(dimension, key)}
            </span>
            <Money usd={total} />
            <span className="figure w-11 text-right text-ink-3">
              {formatShare(share === null ? null : share / 10_000)}
            </span>
          </>
        );
        return (
          <li key={seriesId(key)}>
            {key === other ? (
              <div className="flex h-8 items-center gap-2 px-2 text-ink-2">{line}</div>
            ) : (
              <button
                type="button"
                aria-pressed={hasValue(view.filters, dimension, key)}
                title="Filter by this"
                onClick={() => change({ filters: toggleValue(view.filters, dimension, key) })}
                className="flex h-8 w-full items-center gap-2 rounded-md px-2 hover:bg-sunk aria-pressed:bg-accent-soft"
              >
                {line}
              </button>
            )}
          </li>
        );
      })}
    </ul>
  );
}
