import { Popover } from '@base-ui/react/popover';
import type { Closing } from '@farthing/core';
import { useState, type FormEvent } from 'react';
import { fetchClosings } from '../api/contract.js';
import { useReport } from '../api/use-report.js';
import { Cross } from '../controls/icons.js';
import { formatFullDay, formatMoment } from '../figures/times.js';
import { closingOf, formatMonth, monthWindow } from '../view/closed-month.js';
import { useView } from '../view/use-view.js';

/** `datetime-local` speaks in wall time without a zone; here that wall is in UTC. */
const toField = (time: string) => time.slice(0, 16);

/**
 * Reports as they were known at a time: what was recorded later, corrections among it, is left out.
 * A closed month is one click, with its window.
 */
export function AsKnownAt() {
  const { view, change } = useView();
  const [open, setOpen] = useState(false);
  const { data } = useReport(
    'closings',
    [],
    (_now, signal) => fetchClosings(signal),
    open || view.asOf !== null,
  );
  const shown = closingOf(view, data?.closings ?? []);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const field = String(new FormData(event.currentTarget).get('at'));
    if (field === '') return;
    setOpen(false);
    change({ asOf: `${field}:00.000Z` });
  };
  const showClosing = ({ month, as_of: asOf }: Closing) => {
    setOpen(false);
    change({ ...monthWindow(month), asOf });
  };
  return (
    <div
      className={`flex h-8 items-center rounded-md border text-[0.8125rem] ${view.asOf === null ? 'border-dashed border-line-strong' : 'border-accent/35 bg-accent-soft'}`}
    >
      <Popover.Root open={open} onOpenChange={setOpen}>
        <Popover.Trigger className="h-full rounded-md px-2.5 whitespace-nowrap text-ink-2 hover:text-ink">
          {view.asOf === null ? (
            'As known now'
          ) : shown !== null ? (
            <span className="font-semibold text-ink">{formatMonth(shown.month)} as closed</span>
          ) : (
            <>
              As known at{' '}
              <span className="figure font-semibold text-ink">
                {formatMoment(view.asOf)} {view.asOf.slice(0, 4)}
              </span>
            </>
          )}
        </Popover.Trigger>
        <Popover.Portal>
          <Popover.Positioner sideOffset={6} align="start" className="z-40">
            <Popover.Popup className="w-80 rounded-lg border border-line-strong bg-raised p-4 shadow-float outline-none">
              <Popover.Title className="font-semibold">As known at, UTC</Popover.Title>
              <Popover.Description className="mt-1 text-[0.8125rem] text-ink-2">
                Leaves out what was recorded later: imports, late calls, corrections.
              </Popover.Description>
              <form onSubmit={submit} className="mt-3 flex gap-2">
                <input
                  name="at"
                  type="datetime-local"
                  aria-label="As known at, UTC"
                  defaultValue={toField(view.asOf ?? new Date().toISOString())}
                  className="h-9 min-w-0 flex-1 rounded-md border border-line-strong bg-surface px-2.5 text-sm"
                />
                <button
                  type="submit"
                  className="h-9 rounded-md bg-accent px-3 font-semibold text-on-accent hover:opacity-90"
                >
                  Show
                </button>
              </form>
              {data !== undefined && data.closings.length > 0 && (
                <ClosedMonths closings={data.closings} onChoose={showClosing} />
              )}
            </Popover.Popup>
          </Popover.Positioner>
        </Popover.Portal>
      </Popover.Root>
      {view.asOf !== null && (
        <button
          type="button"
          aria-label="As known now again"
          onClick={() => change({ asOf: null })}
          className="grid size-8 shrink-0 place-items-center text-ink-2 hover:text-ink"
        >
          <Cross size={14} />
        </button>
      )}
    </div>
  );
}

function ClosedMonths({
  closings,
  onChoose,
}: {
  closings: readonly Closing[];
  onChoose: (closing: Closing) => void;
}) {
  // Of a month that was closed again the last closing holds.
  const latest = new Map(closings.map((closing) => [closing.month, closing]));
  return (
    <>
      <h3 className="mt-4 text-[0.8125rem] font-medium text-ink-2">Months as they were closed</h3>
      <ul className="-mx-2 mt-1 max-h-48 overflow-y-auto text-[0.8125rem]">
        {[...latest.values()].toReversed().map((closing) => (
          <li key={closing.month}>
            <button
              type="button"
              onClick={() => onChoose(closing)}
              className="flex w-full items-baseline justify-between gap-3 rounded-md px-2 py-1.5 text-left hover:bg-sunk"
            >
              <span className="figure font-medium">{closing.month}</span>
              <span className="text-ink-3">closed {formatFullDay(closing.closed_at)}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
