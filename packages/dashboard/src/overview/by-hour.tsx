import { useState, type KeyboardEvent } from 'react';
import { useReport } from '../api/use-report.js';
import { Failure } from '../controls/failure.js';
import { Skeleton } from '../controls/skeleton.js';
import { plural } from '../figures/counts.js';
import { chartNumber, formatUsd, formatUsdExact } from '../money/usd.js';
import { useView } from '../view/use-view.js';
import { fetchHours } from './breakdown-report.js';

const span = (hour: number) =>
  `${String(hour).padStart(2, '0')}:00–${String((hour + 1) % 24).padStart(2, '0')}:00`;

/** When in the day the money goes: the sum of each hour (UTC) over all days of the window. */
export function ByHour({ ready }: { ready: boolean }) {
  const { view } = useView();
  const [at, setAt] = useState<number | null>(null);
  const { data, error, outdated, retry } = useReport(
    'hours',
    [view.window, view.filters, view.asOf],
    (now, signal) => fetchHours(view, now, signal),
    ready,
  );
  const shown = at ?? data?.peak ?? 0;
  const hour = data?.hours[shown];
  const most = Math.max(...(data?.hours ?? []).map(({ cost }) => chartNumber(cost)), 0);
  const onKeyDown = (event: KeyboardEvent) => {
    const moves: Record<string, number> = {
      ArrowRight: Math.min(23, shown + 1),
      ArrowLeft: Math.max(0, shown - 1),
      Home: 0,
      End: 23,
    };
    const next = moves[event.key];
    if (next === undefined) return;
    setAt(next);
    event.preventDefault();
  };
  return (
    <section
      aria-labelledby="by-hour"
      className={`panel flex flex-col px-4 py-4 sm:px-6 ${outdated ? 'outdated' : ''}`}
    >
      <h2 id="by-hour" className="text-base font-semibold">
        Hours of the day
      </h2>
      {error && !data && <Failure what="the hours" error={error} retry={retry} />}
      <p className="mt-3 min-h-12 text-[0.8125rem] text-ink-2">
        {hour ? (
          <>
            <span
              className="figure block text-base font-semibold text-ink"
              title={formatUsdExact(hour.cost)}
            >
              {formatUsd(hour.cost)}
            </span>
            <span className="figure">
              {at === null && most > 0 && hour.calls > 0 ? 'at the peak, ' : ''}
              {span(shown)} UTC, {hour.calls === 0 ? 'no calls' : plural(hour.calls, 'call')}
            </span>
          </>
        ) : (
          !error && <Skeleton className="h-9 w-40" />
        )}
      </p>
      <div
        role="slider"
        tabIndex={0}
        aria-label="Spend by hour of the day. Arrow keys read out an hour."
        aria-valuemin={0}
        aria-valuemax={23}
        aria-valuenow={shown}
        aria-valuetext={
          hour
            ? `${span(shown)} UTC: ${formatUsd(hour.cost)}, ${plural(hour.calls, 'call')}`
            : 'Loading'
        }
        onKeyDown={onKeyDown}
        onBlur={() => setAt(null)}
        onPointerLeave={() => setAt(null)}
        className="relative mt-3 min-h-40 flex-1 rounded-sm"
      >
        <div className="absolute inset-0 flex">
          {Array.from({ length: 24 }, (_, index) => {
            const cost = data?.hours[index]?.cost ?? '0';
            const height = most > 0 ? (chartNumber(cost) / most) * 100 : 0;
            return (
              <div
                key={index}
                onPointerEnter={() => setAt(index)}
                className="flex flex-1 items-end px-px"
              >
                <span
                  className={`block w-full rounded-t-[2px] ${index === shown && most > 0 ? 'bg-accent' : 'bg-accent/35'}`}
                  style={{ height: `max(2px, ${height}%)` }}
                />
              </div>
            );
          })}
        </div>
      </div>
      <div
        aria-hidden="true"
        className="figure mt-1.5 flex justify-between border-t border-line pt-1.5 text-xs text-ink-3"
      >
        {['00', '06', '12', '18', '24'].map((label) => (
          <span key={label}>{label}</span>
        ))}
      </div>
    </section>
  );
}
