import type { Dimension } from '@farthing/core';
import { Money } from '../controls/money.js';
import { formatCompact, formatCount, formatShare, plural } from '../figures/counts.js';
import { basisPoints, formatUsd, formatUsdAt, isUnpriced, parseUsd } from '../money/usd.js';
import { valueLabel } from '../view/dimensions.js';
import { hasValue, toggleValue } from '../view/filters.js';
import { useView } from '../view/use-view.js';
import { CostSplit } from './cost-split.js';
import type { GroupRow } from './group-report.js';
import { Trend } from './trend.js';

const cell = 'px-3 py-2 text-right align-middle';

/** One value: a click anywhere on the line filters by it. */
export function GroupLine(properties: {
  group: GroupRow;
  dimension: Dimension;
  /** Spend of the whole window in picodollars. */
  total: bigint;
  /** Decimals of the money columns. */
  digits: { cost: number; average: number; p95: number };
  colour: string;
  trend: { days: (string | null)[]; lastDay: string } | undefined;
}) {
  const { group, dimension, total, digits, colour, trend } = properties;
  const { view, change } = useView();
  const label = valueLabel(dimension, group.key);
  const share = group.cost === null ? null : basisPoints(parseUsd(group.cost), total);
  const width = share === null ? 0 : share / 100;
  const unpriced = isUnpriced(group.cost, group.unpriced);
  const cost = unpriced ? null : group.cost;
  const why = `${plural(group.unpriced, 'call')} without a price`;
  return (
    <tr className="group relative border-b border-line last:border-0 hover:bg-sunk">
      <th scope="row" className="py-2 pr-3 pl-4 text-left font-normal sm:pl-6">
        <button
          type="button"
          aria-pressed={hasValue(view.filters, dimension, group.key)}
          onClick={() => change({ filters: toggleValue(view.filters, dimension, group.key) })}
          className="block w-full truncate text-left font-medium after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent-ink"
          title={`Filter by ${label}`}
        >
          <span className={group.key === null ? 'text-ink-2 italic' : ''}>{label}</span>
        </button>
        <div className="mt-1.5 flex items-center gap-2">
          <div className="h-1 flex-1 overflow-hidden rounded-full bg-line">
            <div
              className="h-full rounded-full"
              style={{ width: `${Math.max(width, width > 0 ? 0.5 : 0)}%`, background: colour }}
            />
          </div>
          <span className="figure w-11 text-right text-xs text-ink-3">
            {formatShare(share === null ? null : share / 10_000)}
          </span>
        </div>
      </th>
      <td className={`${cell} pr-4 sm:pr-3`}>
        <span className="font-semibold">
          <Money usd={cost} reason={why} digits={digits.cost} />
        </span>
        <span className="figure block text-xs text-ink-3 sm:hidden">
          <span aria-hidden="true">
            {formatCompact(group.calls)}
            {group.average !== null && ` × ${formatUsdAt(group.average, digits.average)}`}
          </span>
          <span className="sr-only">
            {plural(group.calls, 'call')}
            {group.average !== null && `, ${formatUsd(group.average)} each`}
          </span>
        </span>
        {group.unpriced > 0 && !unpriced && (
          <span className="block text-xs text-warn" title={why}>
            {formatCompact(group.unpriced)} unpriced
          </span>
        )}
      </td>
      <td className={`${cell} figure hidden sm:table-cell`} title={formatCount(group.calls)}>
        {formatCompact(group.calls)}
      </td>
      <td className={`${cell} hidden sm:table-cell`}>
        <Money usd={group.average} unknown="–" reason={why} digits={digits.average} />
      </td>
      <td className={`${cell} hidden md:table-cell`}>
        <Money usd={group.p95} unknown="–" reason={why} digits={digits.p95} />
      </td>
      <td className={`${cell} hidden lg:table-cell`}>
        {group.calls === 0 ? (
          <span className="block text-left text-ink-3">–</span>
        ) : (
          <CostSplit input={group.costInput} output={group.costOutput} other={group.costOther} />
        )}
      </td>
      <td className={`${cell} figure hidden xl:table-cell`}>
        {group.tokensInput === 0 ? '–' : (group.tokensOutput / group.tokensInput).toFixed(2)}
      </td>
      <td className="hidden py-2 pr-6 pl-3 lg:table-cell">
        {trend && group.calls > 0 && <Trend {...trend} label={label} />}
      </td>
    </tr>
  );
}
