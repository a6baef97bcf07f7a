import type { ReconciledDay } from '@farthing/core';
import { useState, type KeyboardEvent } from 'react';
import { Money } from '../controls/money.js';
import { formatDay } from '../figures/times.js';
import { formatUsd } from '../money/usd.js';
import { dayColumns, formatAccuracy, type DayColumn } from './accuracy-report.js';
import { placeByKey } from '../chart/place-by-key.js';

const height = 96;
/** A column gets no wider than this: two days should not look like two walls. */
const widest = 44;

/** Day by day what the provider billed, and the part of it that the ledger does not account for. */
export function DayChart({ days }: { days: readonly ReconciledDay[] }) {
  const [asTable, setAsTable] = useState(false);
  const [at, setAt] = useState<number | null>(null);
  const columns = dayColumns(days);
  const last = columns.length - 1;
  const shown = Math.min(at ?? last, last);
  const column = columns[shown];
  if (column === undefined) return null;
  const onKeyDown = (event: KeyboardEvent) => {
    const next = placeByKey(event.key, shown, last);
    if (next === undefined) return;
    setAt(next);
    event.preventDefault();
  };
  return (
    <div>
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <h3 className="text-[0.8125rem] font-medium text-ink-2">Day by day</h3>
        {!asTable && <ReadOut column={column} />}
        <button
          type="button"
          aria-pressed={asTable}
          onClick={() => setAsTable(!asTable)}
          className="ml-auto h-8 rounded-md px-2.5 text-[0.8125rem] text-ink-2 hover:bg-sunk hover:text-ink aria-pressed:bg-sunk aria-pressed:font-medium aria-pressed:text-ink"
        >
          {asTable ? 'Show chart' : 'Show as table'}
        </button>
      </div>
      {asTable ? (
        <DayTable columns={columns} />
      ) : (
        <div style={{ width: `min(100%, ${columns.length * widest}px)` }}>
          <div
            role="slider"
            tabIndex={0}
            aria-label="Accuracy day by day. Arrow keys read out a day."
            aria-valuemin={0}
            aria-valuemax={last}
            aria-valuenow={shown}
            aria-valuetext={spoken(column)}
            onKeyDown={onKeyDown}
            onBlur={() => setAt(null)}
            onPointerLeave={() => setAt(null)}
            className="mt-3 flex items-end border-b border-line-strong"
            style={{ height }}
          >
            {columns.map((each, index) => (
              <Column
                key={each.day.day}
                column={each}
                chosen={index === at}
                onPoint={() => setAt(index)}
              />
            ))}
          </div>
          <div className="figure mt-1.5 flex justify-between text-xs text-ink-3">
            <span>{columns[0] && formatDay(columns[0].day.day)}</span>
            <span>{last > 0 && formatDay(columns[last]!.day.day)}</span>
          </div>
        </div>
      )}
    </div>
  );
}

const spoken = ({ day }: DayColumn) =>
  `${formatDay(day.day)}: ${formatAccuracy(day.accuracy)} of ${formatUsd(day.provider_usd)} accounted for${day.final ? '' : ', not final'}`;

function Column({
  column: { day, height: share, missed },
  chosen,
  onPoint,
}: {
  column: DayColumn;
  chosen: boolean;
  onPoint: () => void;
}) {
  return (
    <div
      onPointerEnter={onPoint}
      className={`flex h-full min-w-0 flex-1 flex-col justify-end px-[1.5px] ${chosen ? 'bg-sunk' : ''}`}
    >
      <span
        className={`flex w-full flex-col overflow-hidden rounded-t-[3px] ${day.final ? '' : 'opacity-50'}`}
        style={{ height: `${Math.max(share * 100, 1.5)}%` }}
      >
        {missed !== null && missed > 0 && (
          <span
            className="block w-full shrink-0 bg-warn"
            style={{ height: `max(2px, ${missed * 100}%)` }}
          />
        )}
        <span className="block w-full flex-1 bg-accent" />
      </span>
    </div>
  );
}

function ReadOut({ column: { day } }: { column: DayColumn }) {
  return (
    <p className="figure text-[0.8125rem] text-ink-2">
      {formatDay(day.day)}: <span className="font-semibold">{formatAccuracy(day.accuracy)}</span> of{' '}
      <Money usd={day.provider_usd} /> accounted for
      {!day.final && <span className="text-ink-3"> (not final)</span>}
    </p>
  );
}

function DayTable({ columns }: { columns: readonly DayColumn[] }) {
  const head = 'sticky top-0 border-b border-line bg-sunk px-3 py-2 font-medium whitespace-nowrap';
  return (
    <div
      tabIndex={0}
      role="region"
      aria-label="Accuracy day by day, as a table"
      className="mt-3 max-h-72 overflow-auto rounded-md border border-line"
    >
      <table className="figure w-full text-[0.8125rem]">
        <thead className="text-ink-2">
          <tr>
            <th scope="col" className={`${head} text-left`}>
              Day, UTC
            </th>
            <th scope="col" className={`${head} text-right`}>
              Provider
            </th>
            <th scope="col" className={`${head} text-right`}>
              Ledger
            </th>
            <th scope="col" className={`${head} text-right`}>
              Unexplained
            </th>
            <th scope="col" className={`${head} text-right`}>
              Accuracy
            </th>
          </tr>
        </thead>
        <tbody>
          {columns.toReversed().map(({ day }) => (
            <tr key={day.day} className="border-b border-line last:border-0">
              <th scope="row" className="px-3 py-1.5 text-left font-normal whitespace-nowrap">
                {formatDay(day.day)}
                {!day.final && <span className="text-ink-3"> (not final)</span>}
              </th>
              <td className="px-3 py-1.5 text-right">
                <Money usd={day.provider_usd} />
              </td>
              <td className="px-3 py-1.5 text-right">
                <Money usd={day.ledger_usd} />
              </td>
              <td className="px-3 py-1.5 text-right">
                <Money usd={day.unexplained_usd} />
              </td>
              <td className="px-3 py-1.5 text-right font-semibold">
                {formatAccuracy(day.accuracy)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
