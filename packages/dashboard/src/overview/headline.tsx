import { Link } from '@tanstack/react-router';
import { useStatus } from '../api/use-status.js';
import { useReport } from '../api/use-report.js';
import { Failure, StaleHint } from '../controls/failure.js';
import { Loading, Skeleton } from '../controls/skeleton.js';
import { formatClockSeconds, formatDay } from '../figures/times.js';
import { countOf, usdOf } from '../api/row.js';
import { formatUsd, formatUsdExact, parseUsd } from '../money/usd.js';
import { carry, useView } from '../view/use-view.js';
import { presetLabels } from '../view/window.js';
import { Figures } from './figures.js';
import { compare, fetchHeadline, type Comparison } from './headline-report.js';

/** The one figure that everybody comes for, how it moved, and the seven that explain it. */
export function Headline() {
  const { view } = useView();
  const { data: status } = useStatus();
  const { data, error, outdated, updatedAt, retry } = useReport(
    'headline',
    [view.window, view.filters, view.asOf],
    (now, signal) => fetchHeadline(view, now, signal),
  );
  const preset = view.window.kind === 'preset' ? presetLabels[view.window.preset] : null;
  if (error && !data)
    return (
      <section className="panel">
        <Failure what="the totals" error={error} retry={retry} />
      </section>
    );
  const cost = usdOf(data?.totals, 'cost') ?? '0';
  const unknown = parseUsd(cost) === 0n && countOf(data?.totals, 'unpriced_calls') > 0;
  const before = usdOf(data?.previous, 'cost');
  const first = status?.store.first_call_at ?? null;
  const begins =
    data && first !== null && first > data.before.from && first < data.before.to ? first : null;
  return (
    <section
      aria-labelledby="headline"
      className={`panel overflow-hidden ${outdated ? 'outdated' : ''}`}
    >
      <div className="grid lg:grid-cols-[minmax(0,18rem)_1fr] xl:grid-cols-[minmax(0,26rem)_1fr]">
        <div className="flex flex-col justify-center border-b border-line px-5 py-5 sm:px-6 lg:border-r lg:border-b-0">
          <h2 id="headline" className="text-ink-2">
            {preset ? `Spend, ${preset.long.toLowerCase()}` : 'Spend in this window'}
          </h2>
          {data ? (
            <p
              className="figure mt-0.5 text-[2.75rem] leading-[1.1] font-semibold tracking-[-0.025em] sm:text-[3.25rem]"
              title={formatUsdExact(cost)}
            >
              {unknown ? <span className="text-warn">unpriced</span> : formatUsd(cost)}
            </p>
          ) : (
            <p className="mt-0.5 text-[2.75rem] leading-[1.1] sm:text-[3.25rem]">
              <Skeleton className="h-[0.8em] w-56" />
              <Loading what="the totals" />
            </p>
          )}
          <p className="mt-2 min-h-5 text-ink-2">
            {data ? (
              <Change
                comparison={compare(cost, before)}
                before={before}
                than={preset?.before ?? 'the window before'}
                begins={begins}
              />
            ) : (
              <Skeleton className="h-4 w-64" />
            )}
          </p>
        </div>
        <Figures report={data} />
      </div>
      {error && (
        <div className="border-t border-line px-6 py-2">
          <StaleHint error={error} updatedAt={formatClockSeconds(updatedAt)} retry={retry} />
        </div>
      )}
    </section>
  );
}

function Change({
  comparison,
  before,
  than,
  begins,
}: {
  comparison: Comparison;
  before: string | null;
  than: string;
  /** When the books begin, if that is within the window before: it is not whole then. */
  begins: string | null;
}) {
  const { view } = useView();
  if (begins !== null) return <>No fair comparison yet: the books begin on {formatDay(begins)}.</>;
  if (comparison.kind === 'nothing_before') return <>Nothing was spent in {than}.</>;
  const amount = (
    <span className="figure" title={formatUsdExact(before ?? '0')}>
      {formatUsd(before ?? '0')}
    </span>
  );
  if (comparison.kind === 'same')
    return (
      <>
        As much as {than} ({amount}).
      </>
    );
  const up = comparison.basisPoints > 0;
  const percent = Math.abs(comparison.basisPoints) / 100;
  return (
    <>
      <span className={`figure font-semibold ${up ? 'text-warn' : 'text-accent-ink'}`}>
        {percent.toFixed(1)}% {up ? 'more' : 'less'}
      </span>{' '}
      than {than} ({amount}){' '}
      <Link
        to="/answers/explain"
        search={carry(view) as never}
        aria-label={`Why ${percent.toFixed(1)}% ${up ? 'more' : 'less'}?`}
        className="font-medium text-accent-ink underline decoration-accent-ink/40 underline-offset-[3px] hover:decoration-current"
      >
        Why?
      </Link>
    </>
  );
}
