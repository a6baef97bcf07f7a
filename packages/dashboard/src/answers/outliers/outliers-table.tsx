import type { Outlier } from '@farthing/core';
import { Money } from '../../controls/money.js';
import { formatShare } from '../../figures/counts.js';
import { formatMoment } from '../../figures/times.js';
import { chartNumber, columnDigits } from '../../money/usd.js';
import { OpenableRow, table } from '../openable-row.js';
import { Sentence } from '../sentence.js';
import { OutlierDetails } from './outlier-details.js';
import { causeName } from './outlier-words.js';

/** The dearest first: what each cost beside a typical call, and why; each opens to its causes. */
export function OutliersTable({ outliers }: { outliers: readonly Outlier[] }) {
  const digits = columnDigits(
    outliers.map(({ cost_usd: cost }) => cost),
    1,
  );
  const most = Math.max(...outliers.map(({ cost_usd: cost }) => chartNumber(cost)));
  return (
    <table className="w-full border-t border-line text-[0.8125rem]">
      <thead className="border-b border-line text-ink-3">
        <tr>
          <th scope="col" className={`${table.head} text-left`}>
            Call
          </th>
          <th scope="col" className={`${table.head} hidden text-left md:table-cell`}>
            Main cause
          </th>
          <th scope="col" className={`${table.head} hidden w-48 text-left lg:table-cell`}>
            Against a typical call
          </th>
          <th scope="col" className={`${table.head} hidden text-right sm:table-cell`}>
            Typical
          </th>
          <th
            scope="col"
            className={`${table.head} hidden text-right sm:table-cell`}
            title="Cost ÷ median of its peers"
          >
            × median
          </th>
          <th scope="col" className={`${table.head} text-right`}>
            Cost
          </th>
        </tr>
      </thead>
      <tbody>
        {outliers.map((outlier) => (
          <OutlierRow key={outlier.call.id} outlier={outlier} digits={digits} most={most} />
        ))}
      </tbody>
    </table>
  );
}

function OutlierRow({ outlier, digits, most }: { outlier: Outlier; digits: number; most: number }) {
  const { call, causes, cost_usd: cost, typical_usd: typical, times_median: times } = outlier;
  const [cause] = causes;
  const feature = call.tags.feature ?? null;
  return (
    <OpenableRow
      columns={6}
      name={feature ?? <span className="text-ink-2 italic">Unattributed</span>}
      below={
        <>
          <span className="figure block text-xs break-words text-ink-3">
            {formatMoment(call.started_at)} · {call.model ?? call.model_requested ?? 'no model'}
          </span>
          <span className="mt-0.5 block text-ink-2 md:hidden">
            <Sentence text={outlier.summary} />
          </span>
        </>
      }
      cells={
        <>
          <td className={`${table.cell} hidden max-w-96 md:table-cell`}>
            {cause === undefined ? '–' : causeName(cause)}
            {cause?.share != null && (
              <span className="figure text-ink-3"> {formatShare(Math.min(1, cause.share))}</span>
            )}
            <span className="block text-ink-2">
              <Sentence text={outlier.summary} />
            </span>
          </td>
          <td className={`${table.cell} hidden lg:table-cell`}>
            <Beside cost={cost} typical={typical} most={most} />
          </td>
          <td className={`${table.cell} hidden text-right text-ink-2 sm:table-cell`}>
            <Money usd={typical} digits={digits} />
          </td>
          <td className={`${table.cell} figure hidden text-right sm:table-cell`}>
            {times === null ? '–' : `${times >= 10 ? Math.round(times) : times.toFixed(1)} ×`}
          </td>
          <td className={`${table.cell} text-right font-semibold`}>
            <Money usd={cost} digits={digits} />
            <span className="figure block text-xs font-normal text-ink-3 sm:hidden">
              {times !== null && `${times >= 10 ? Math.round(times) : times.toFixed(1)} × median`}
            </span>
          </td>
        </>
      }
    >
      <OutlierDetails outlier={outlier} />
    </OpenableRow>
  );
}

/** The call's cost as a bar, and in it how much of that a typical call takes. */
function Beside({ cost, typical, most }: { cost: string; typical: string; most: number }) {
  const part = (usd: string) => (most === 0 ? 0 : (chartNumber(usd) / most) * 100);
  return (
    <span aria-hidden="true" className="mt-1 block">
      <span className="relative block h-3 rounded bg-sunk">
        <span
          className="absolute inset-y-0 left-0 rounded-[3px] bg-warn/70"
          style={{ width: `max(3px, ${part(cost)}%)` }}
        />
        <span
          className="absolute inset-y-0 left-0 rounded-[3px] bg-accent"
          style={{ width: `max(2px, ${part(typical)}%)` }}
        />
      </span>
    </span>
  );
}
