import type { ReviewChart } from '@farthing/core';
import { Money } from '../../controls/money.js';
import { formatDay } from '../../figures/times.js';
import { chartNumber, formatUsd, parseUsd, toDecimal } from '../../money/usd.js';
import { SignedMoney } from '../signed-money.js';

/** A picture of a section, small enough for a page that is printed. */
export function SectionChart({ chart }: { chart: ReviewChart }) {
  switch (chart.kind) {
    case 'days':
      return <Days chart={chart} />;
    case 'bars':
      return <Bars chart={chart} />;
    case 'waterfall':
      return <Steps chart={chart} />;
  }
}

/** Days as bars; the same day of the window before as a mark on each. */
function Days({ chart: { series, days } }: { chart: Extract<ReviewChart, { kind: 'days' }> }) {
  const now = series.at(-1);
  const before = series.length > 1 ? series[0] : undefined;
  const most = Math.max(...series.flatMap(({ values }) => values.map(chartNumber)), 0) || 1;
  const at = (usd: string | null | undefined) => `${(chartNumber(usd ?? null) / most) * 100}%`;
  return (
    <figure className="min-w-0">
      <div role="list" aria-label="Day by day" className="flex h-32 items-end gap-1">
        {days.map((day, index) => {
          const [usd, earlier] = [now?.values[index] ?? null, before?.values[index] ?? null];
          const words = `${formatDay(day)}: ${usd === null ? 'nothing' : formatUsd(usd)}${earlier === null ? '' : `, before ${formatUsd(earlier)}`}`;
          return (
            <span
              key={day}
              role="listitem"
              aria-label={words}
              title={words}
              className="relative h-full max-w-16 min-w-0 flex-1 border-b border-line-strong"
            >
              <span
                className="absolute inset-x-0 bottom-0 rounded-t-[3px] bg-accent"
                style={{ height: at(usd) }}
              />
              {earlier !== null && (
                <span className="absolute inset-x-0 h-0.5 bg-ink" style={{ bottom: at(earlier) }} />
              )}
            </span>
          );
        })}
      </div>
      <figcaption className="figure mt-1 flex flex-wrap justify-between gap-x-4 text-xs text-ink-3">
        <span>{days[0] !== undefined && formatDay(days[0])}</span>
        {before && (
          <span>
            <span className="mr-1.5 inline-block h-0.5 w-4 bg-ink align-[3px]" />
            the window before
          </span>
        )}
        <span>{days.length > 1 && formatDay(days.at(-1)!)}</span>
      </figcaption>
    </figure>
  );
}

function Bars({ chart: { bars } }: { chart: Extract<ReviewChart, { kind: 'bars' }> }) {
  const most = Math.max(...bars.map(({ usd }) => chartNumber(usd)), 0) || 1;
  return (
    <ul className="min-w-0 space-y-1 text-[0.8125rem]">
      {bars.map(({ label, usd }) => (
        <li key={label} className="grid grid-cols-[minmax(0,11rem)_minmax(0,1fr)_4.5rem] gap-x-3">
          <span className="truncate" title={label}>
            {label}
          </span>
          <span className="self-center">
            <span
              className="block h-2.5 rounded-[2px] bg-accent"
              style={{ width: `${(chartNumber(usd) / most) * 100}%` }}
            />
          </span>
          <span className="text-right">
            <Money usd={usd} />
          </span>
        </li>
      ))}
    </ul>
  );
}

/** From before to now: each step begins where the last one ended. */
function Steps({ chart: { steps } }: { chart: Extract<ReviewChart, { kind: 'waterfall' }> }) {
  const ends = steps.flatMap((step) => [chartNumber(step.from_usd), chartNumber(step.to_usd)]);
  const [low, high] = [Math.min(0, ...ends), Math.max(0, ...ends)];
  const at = (usd: number) => ((usd - low) / (high - low || 1)) * 100;
  return (
    <ul className="min-w-0 space-y-1 text-[0.8125rem]">
      {steps.map(({ label, from_usd: from, to_usd: to }, index) => {
        const [start, end] = [chartNumber(from), chartNumber(to)];
        const whole = start === 0 && (index === 0 || index === steps.length - 1);
        const colour = whole ? 'bg-ink-3' : end >= start ? 'bg-warn' : 'bg-accent';
        return (
          <li
            key={`${index} ${label}`}
            className="grid grid-cols-[minmax(0,11rem)_minmax(0,1fr)_4.5rem] gap-x-3"
          >
            <span className="truncate" title={label}>
              {label}
            </span>
            <span className="relative h-full min-h-4">
              <span
                className={`absolute top-1/2 h-2.5 -translate-y-1/2 rounded-[2px] ${colour}`}
                style={{
                  left: `${at(Math.min(start, end))}%`,
                  width: `max(2px, ${Math.abs(at(end) - at(start))}%)`,
                }}
              />
            </span>
            <span className="text-right">
              {whole ? (
                <Money usd={to} />
              ) : (
                <SignedMoney usd={toDecimal(parseUsd(to) - parseUsd(from))} plain />
              )}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
