import type { DriftRow } from '@farthing/core';
import { fetchDrift } from '../api/estimates-contract.js';
import { useReport } from '../api/use-report.js';
import { Badge, type Tone } from '../controls/badge.js';
import { Failure } from '../controls/failure.js';
import { Money } from '../controls/money.js';
import { Loading, Skeleton } from '../controls/skeleton.js';
import { formatShare, plural } from '../figures/counts.js';
import { formatMoment } from '../figures/times.js';
import { valueLabel } from '../view/dimensions.js';
import { useView } from '../view/use-view.js';
import { windowOf } from '../view/window.js';
import { leadingBias, placeOf, ratioWords } from './bias-words.js';

/** Which features are estimated wrongly: which way, by how much, since when. */
export function Drift() {
  const { view } = useView();
  const { data, error, outdated, retry } = useReport(
    'drift',
    [view.window, view.filters],
    (now, signal) => fetchDrift(windowOf(view.window, now), view.filters, signal),
  );
  const rows = data?.rows.filter(({ estimated_calls: calls }) => calls > 0) ?? [];
  const without = (data?.rows.length ?? 0) - rows.length;
  return (
    <section aria-labelledby="drift" className={`panel py-5 ${outdated ? 'outdated' : ''}`}>
      <div className="px-4 sm:px-6">
        <h2 id="drift" className="text-base font-semibold">
          {data === undefined ? 'Expected and actual' : titleOf(rows)}
        </h2>
        <p className="mt-1 max-w-[44rem] text-ink-2">
          Every call is estimated before it leaves. Off is what is too high or too low by more than
          chance explains; budgets hold by these estimates.
        </p>
      </div>
      {error && !data && <Failure what="the estimates" error={error} retry={retry} />}
      {!data && !error && (
        <div className="px-4 pt-4 sm:px-6">
          <Loading what="the estimates" />
          <Skeleton className="block h-[28rem] w-full" />
        </div>
      )}
      {data && rows.length === 0 && (
        <p className="px-4 pt-4 text-ink-3 sm:px-6">
          No call of this window has an estimate: only calls through the gateway or the SDK do.
        </p>
      )}
      {data && rows.length > 0 && (
        <table className="mt-4 w-full table-fixed text-[0.8125rem]">
          <thead className="border-y border-line text-ink-3">
            <tr>
              <th scope="col" className={`${head} pl-4 text-left sm:w-[26%] sm:pl-6`}>
                Feature
              </th>
              <th scope="col" className={`${head} w-28 text-left`}>
                Estimates
              </th>
              <th scope="col" className={`${head} hidden text-left sm:table-cell`}>
                Actual ÷ expected
              </th>
              <th scope="col" className={`${head} hidden w-32 text-right lg:table-cell`}>
                Expected
              </th>
              <th scope="col" className={`${head} hidden w-32 text-right lg:table-cell`}>
                Actual
              </th>
              <th
                scope="col"
                className={`${head} hidden w-28 pr-6 text-right md:table-cell`}
                title={`Calls further than ${formatShare(data.threshold)} from their estimate`}
              >
                COST_DRIFT
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Line key={row.group['feature'] ?? '\0'} row={row} />
            ))}
          </tbody>
        </table>
      )}
      {rows.length > 0 && without > 0 && (
        <p className="px-4 pt-3 text-[0.8125rem] text-ink-3 sm:px-6">
          {plural(without, 'feature')} of this window {without === 1 ? 'has' : 'have'} no estimates:
          imported, or from before there were any.
        </p>
      )}
    </section>
  );
}

function titleOf(rows: readonly DriftRow[]): string {
  const biased = rows.filter(({ verdict }) => verdict === 'biased').length;
  if (biased > 0) return `Estimates of ${plural(biased, 'feature')} are off`;
  return rows.some(({ verdict }) => verdict === 'fair')
    ? 'No estimate is known to be off'
    : 'Too few calls to judge the estimates';
}

const head = 'px-3 py-2 font-medium whitespace-nowrap';
const cell = 'px-3 py-2.5 align-top';

const verdicts: Record<string, { words: string; tone: Tone }> = {
  too_low: { words: 'Too low', tone: 'bad' },
  too_high: { words: 'Too high', tone: 'warn' },
  fair: { words: 'Fair', tone: 'good' },
  not_judged: { words: 'Too few calls', tone: 'calm' },
};

function Line({ row }: { row: DriftRow }) {
  const bias = leadingBias(row);
  const { words, tone } = verdicts[bias.verdict] ?? verdicts['not_judged']!;
  const { since } = bias;
  return (
    <tr className="border-b border-line last:border-0">
      <th scope="row" className={`${cell} pl-4 text-left font-normal sm:pl-6`}>
        <span className="block font-medium break-words">
          {valueLabel('feature', row.group['feature'] ?? null)}
        </span>
        <span className="block text-xs text-ink-3">{plural(row.estimated_calls, 'call')}</span>
        {row.verdict === 'biased' && (
          <span className="mt-1 block text-ink-2 sm:hidden">{row.summary}</span>
        )}
      </th>
      <td className={cell}>
        <Badge tone={tone}>{words}</Badge>
        {since !== null && bias.verdict !== 'fair' && (
          <span className="figure mt-1 block text-xs text-ink-3">
            {bias.since_start ? 'all of the window' : `since ${formatMoment(since)}`}
          </span>
        )}
      </td>
      <td className={`${cell} hidden sm:table-cell`}>
        <Ratio bias={bias} />
        {row.verdict === 'biased' && <p className="mt-1 text-ink-2">{row.summary}</p>}
      </td>
      <td className={`${cell} hidden text-right text-ink-2 lg:table-cell`}>
        {row.estimated_usd === null ? '–' : <Money usd={row.estimated_usd} />}
      </td>
      <td className={`${cell} hidden text-right lg:table-cell`}>
        {row.actual_usd === null ? '–' : <Money usd={row.actual_usd} />}
      </td>
      <td
        className={`${cell} figure hidden pr-6 text-right md:table-cell`}
        title={`${plural(row.drifted_calls, 'call')} of ${row.compared_calls}`}
      >
        {formatShare(row.drifted_share)}
      </td>
    </tr>
  );
}

/** The ratio on a scale from a quarter to four times, with the interval that it lies in. */
function Ratio({ bias: { ratio, interval, verdict } }: { bias: DriftRow['cost'] }) {
  if (ratio === null) return <span className="text-ink-3">–</span>;
  const at = (value: number) => `${placeOf(value) * 100}%`;
  const off = verdict === 'too_low' || verdict === 'too_high';
  return (
    <div className="flex items-center gap-3">
      <span className="figure w-14 shrink-0 font-semibold">{ratioWords(ratio)}</span>
      <span aria-hidden="true" className="relative h-4 min-w-0 flex-1">
        <span className="absolute inset-x-0 top-1/2 h-px bg-line-strong" />
        <span className="absolute inset-y-0 left-1/2 w-px bg-ink-3" title="as expected" />
        {interval !== null && (
          <span
            className={`absolute top-1/2 h-1 -translate-y-1/2 rounded-full opacity-40 ${off ? 'bg-warn' : 'bg-accent'}`}
            style={{
              left: at(interval.low),
              width: `calc(${at(interval.high)} - ${at(interval.low)})`,
            }}
          />
        )}
        <span
          className={`absolute top-1/2 size-2.5 -translate-1/2 rounded-full ${off ? 'bg-warn' : verdict === 'fair' ? 'bg-accent' : 'bg-ink-3'}`}
          style={{ left: at(ratio) }}
        />
      </span>
    </div>
  );
}
