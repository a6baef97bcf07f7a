import type { Dimension } from '@farthing/core';
import { useState } from 'react';
import { runQuery } from '../api/contract.js';
import { useReport } from '../api/use-report.js';
import { Check, ChevronRight } from '../controls/icons.js';
import { formatCompact } from '../figures/counts.js';
import { dimensionLabel, valueLabel } from '../view/dimensions.js';
import { hasValue, toggleValue } from '../view/filters.js';
import { useView } from '../view/use-view.js';
import { windowOf } from '../view/window.js';

/** The values that a dimension takes in the window, most calls first, to tick. */
export function FilterValues({ dimension, onBack }: { dimension: Dimension; onBack: () => void }) {
  const { view, change } = useView();
  const [wanted, setWanted] = useState('');
  const { data, error } = useReport('values', [dimension, view.window], (now, signal) =>
    runQuery(
      {
        measures: ['calls'],
        dimensions: [dimension],
        window: windowOf(view.window, now),
        limit: 500,
      },
      signal,
    ),
  );
  const values = (data?.rows ?? [])
    .filter((row) => dimension in row)
    .map((row) => ({ value: row[dimension] as string | null, calls: Number(row['calls']) }))
    .filter(({ value }) =>
      valueLabel(dimension, value).toLowerCase().includes(wanted.toLowerCase()),
    );
  return (
    <div>
      <div className="flex items-center gap-1 border-b border-line p-1.5">
        <button
          type="button"
          onClick={onBack}
          aria-label="Back to all dimensions"
          className="grid size-8 rotate-180 place-items-center rounded-md text-ink-2 hover:bg-accent-soft"
        >
          <ChevronRight />
        </button>
        <input
          autoFocus
          value={wanted}
          onChange={(event) => setWanted(event.target.value)}
          placeholder={`${dimensionLabel(dimension)} …`}
          aria-label={`Find a value of ${dimensionLabel(dimension)}`}
          className="h-8 min-w-0 flex-1 rounded-md bg-transparent px-1 text-[0.8125rem] placeholder:text-ink-3"
        />
      </div>
      <ul className="max-h-72 min-h-24 overflow-y-auto p-1">
        {values.map(({ value, calls }) => {
          const on = hasValue(view.filters, dimension, value);
          return (
            <li key={value ?? '\0'}>
              <button
                type="button"
                aria-pressed={on}
                onClick={() => change({ filters: toggleValue(view.filters, dimension, value) })}
                className="flex w-full items-center gap-2 rounded-md px-2 py-1.5 text-left text-[0.8125rem] hover:bg-accent-soft"
              >
                <span className="grid size-4 shrink-0 place-items-center rounded border border-line-strong text-accent-ink">
                  {on && <Check size={12} />}
                </span>
                <span
                  className={`min-w-0 flex-1 truncate ${value === null ? 'text-ink-2 italic' : ''}`}
                >
                  {valueLabel(dimension, value)}
                </span>
                <span className="figure text-ink-3">{formatCompact(calls)}</span>
              </button>
            </li>
          );
        })}
        {data && values.length === 0 && (
          <li className="p-3 text-center text-[0.8125rem] text-ink-3">
            No such value in this window.
          </li>
        )}
        {error && <li className="p-3 text-[0.8125rem] text-bad">{error.message}</li>}
      </ul>
    </div>
  );
}
