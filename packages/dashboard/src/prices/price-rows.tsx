import type { ModelPriceRow } from '@farthing/core';
import { formatFullDay } from '../figures/times.js';
import { conditionsOf, effectsOf } from './prices-report.js';
import { unitLabel } from './unit-label.js';

const layers: Record<ModelPriceRow['layer'], string> = {
  base: 'Price list',
  overlay: 'Correction',
  override: 'Your own',
};

/** Every dated row about the model, in the order in which they apply. Rows are never changed, only added. */
export function PriceRows({ rows }: { rows: readonly ModelPriceRow[] }) {
  return (
    <div>
      <h3 className="text-[0.8125rem] font-medium text-ink-2">
        History: later rows go over earlier ones
      </h3>
      <ol className="mt-2 border-t border-line text-[0.8125rem]">
        {rows.map((row, index) => (
          <PriceRow key={index} row={row} />
        ))}
      </ol>
    </div>
  );
}

function PriceRow({ row }: { row: ModelPriceRow }) {
  const conditions = conditionsOf(row);
  return (
    <li className="grid grid-cols-[minmax(0,1fr)] gap-x-6 gap-y-1 border-b border-line py-2.5 last:border-0 md:grid-cols-[11rem_minmax(0,1fr)]">
      <p className="figure text-ink-2">{span(row)}</p>
      <div className="min-w-0">
        {conditions.length > 0 && <p className="font-medium">{conditions.join(', ')}</p>}
        <p className="figure flex flex-wrap gap-x-4 gap-y-0.5">
          {effectsOf(row).map(([name, effect]) => (
            <span key={`${name} ${effect}`} className="whitespace-nowrap">
              <span className="text-ink-3">{unitLabel(name)}</span> {effect}
            </span>
          ))}
        </p>
      </div>
      <p className="min-w-0 break-words text-ink-3 md:col-start-2">
        <span
          className={`mr-1.5 rounded px-1.5 py-0.5 text-xs font-medium ${row.layer === 'override' ? 'bg-accent-soft text-accent-ink' : 'bg-sunk text-ink-2'}`}
        >
          {layers[row.layer]}
        </span>
        {row.book}
        {row.source !== row.book && `, ${row.source}`}
      </p>
    </li>
  );
}

function span({ from, to }: ModelPriceRow): string {
  if (from === undefined && to === undefined) return 'Always';
  if (from === undefined) return `Until ${formatFullDay(to!)}`;
  return to === undefined
    ? `Since ${formatFullDay(from)}`
    : `${formatFullDay(from)} – ${formatFullDay(to)}`;
}
