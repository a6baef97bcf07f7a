import type { ReactNode } from 'react';
import { fetchClosings, fetchRestatement } from '../api/contract.js';
import { useReport } from '../api/use-report.js';
import { Failure } from '../controls/failure.js';
import { Money } from '../controls/money.js';
import { formatMoment } from '../figures/times.js';
import { plural } from '../figures/counts.js';
import { formatUsd, parseUsd } from '../money/usd.js';
import { closingOf, formatMonth } from '../view/closed-month.js';
import { useView } from '../view/use-view.js';

const causes = {
  price: 'Another price',
  usage: 'Usage read anew',
  manual: 'Stated by a person',
} as const;

/** Beside the figures of a month as it was closed: what it comes to now, and why. */
export function ClosedAgainstNow() {
  const { view } = useView();
  const { data } = useReport(
    'closings',
    [],
    (_now, signal) => fetchClosings(signal),
    view.asOf !== null,
  );
  const closing = closingOf(view, data?.closings ?? []);
  // A restatement is that of the last closing of its month; an earlier one has none of its own.
  const last = data?.closings.findLast(({ month }) => month === closing?.month);
  // It is about the whole month, which filtered figures are not.
  return closing !== null && closing === last && view.filters.length === 0 ? (
    <Restated month={closing.month} />
  ) : null;
}

function Restated({ month }: { month: string }) {
  const { data, error, retry } = useReport('restatement', [month], (_now, signal) =>
    fetchRestatement(month, signal),
  );
  if (error && !data)
    return (
      <section className="panel">
        <Failure what="the restatement" error={error} retry={retry} />
      </section>
    );
  if (!data || data.month !== month) return null;
  const lines = [
    ...data.late.map(({ source, provider, model, calls, cost }) => ({
      what: `${plural(calls, 'call')} that came late`,
      where: `${provider}${model === null ? '' : ` / ${model}`}, ${source}`,
      usd: cost,
    })),
    ...data.adjustments.map(({ cause, source, provider, model, entries, cost }) => ({
      what: `${causes[cause]}, ${plural(entries, 'adjustment')}`,
      where: `${provider}${model === null ? '' : ` / ${model}`}, ${source}`,
      usd: cost,
    })),
  ];
  return (
    <section aria-labelledby="closed-against-now" className="panel px-4 py-4 sm:px-6">
      <h2 id="closed-against-now" className="text-base font-semibold">
        {formatMonth(month)}: closed against now
      </h2>
      <p className="mt-1 text-[0.8125rem] text-ink-2">
        Closed by {data.closing.by} on {formatMoment(data.closing.closed_at)} UTC.
        {!data.reproduced && ' Asked again, the books do not give the figures of the closing.'}
      </p>
      <ul className="mt-3 border-t border-line text-[0.8125rem]">
        <Line what="As closed" where={plural(data.as_closed.calls, 'call')} strong>
          <Money usd={data.as_closed.cost} />
        </Line>
        {lines.map(({ what, where, usd }) => (
          <Line key={`${what} ${where}`} what={what} where={where}>
            {usd === null ? <Money usd={null} /> : signed(usd)}
          </Line>
        ))}
        {lines.length === 0 && <li className="py-2 text-ink-3">Nothing has changed since.</li>}
        {parseUsd(data.unexplained) !== 0n && (
          <Line what="Unexplained" where="">
            {signed(data.unexplained)}
          </Line>
        )}
        <Line what="As known now" where={plural(data.as_known_now.calls, 'call')} strong>
          <Money usd={data.as_known_now.cost} />
        </Line>
      </ul>
    </section>
  );
}

function Line({
  what,
  where,
  strong = false,
  children,
}: {
  what: string;
  where: string;
  strong?: boolean;
  children: ReactNode;
}) {
  return (
    <li
      className={`flex items-baseline gap-4 border-b border-line py-2 last:border-0 ${strong ? 'font-semibold' : ''}`}
    >
      <span className="min-w-0 flex-1 break-words">
        {what} <span className="font-normal text-ink-3">{where}</span>
      </span>
      <span className="figure text-right">{children}</span>
    </li>
  );
}

const signed = (usd: string) => `${parseUsd(usd) > 0n ? '+' : ''}${formatUsd(usd)}`;
