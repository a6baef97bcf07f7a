import type { ForecastAmounts } from '@farthing/core';
import { Badge } from '../../controls/badge.js';
import { Money } from '../../controls/money.js';
import { formatShare, plural } from '../../figures/counts.js';
import { columnDigits, parseUsd } from '../../money/usd.js';
import { dimensionLabel } from '../../view/dimensions.js';
import { groupWords } from '../group-words.js';
import { formatSpan, RangeBar, scaleOf, type UsdSpan } from '../range-bar.js';
import { cellClass, headClass, nameClass } from '../table-classes.js';
import type { ForecastAnswer } from './use-forecast.js';

type Row = ForecastAmounts & { name: string };

const spanOf = ({ forecast_usd: expected, interval_80: likely }: Row): UsdSpan | null =>
  expected === null || likely === null
    ? null
    : { low: likely.low_usd, expected, high: likely.high_usd };

/** What is left over where every group has its own line. */
const isNothing = ({ spent_usd: spent, forecast_usd: expected }: ForecastAmounts) =>
  parseUsd(spent) <= 0n && (expected === null || parseUsd(expected) <= 0n);

/** The month's end by group, the dearest first, each with its range. */
export function ForecastRows({ forecast }: { forecast: ForecastAnswer }) {
  const { rows: groups, other, by } = forecast;
  const rows: Row[] = [
    ...groups.map((row) => ({ ...row, name: groupWords(row.group) })),
    ...(other === null || isNothing(other) ? [] : [{ ...other, name: 'All others' }]),
  ];
  if (rows.length === 0) return null;
  const scale = scaleOf(rows.flatMap((row) => spanOf(row) ?? []));
  const digits = columnDigits(rows.map(({ forecast_usd: usd }) => usd));
  return (
    <table className="w-full text-[0.8125rem]">
      <caption className="sr-only">The end of the month by {by.join(' and ')}</caption>
      <thead className="text-ink-3">
        <tr className="border-b border-line">
          <th scope="col" className="py-1.5 text-left font-medium">
            {by.map((dimension) => dimensionLabel(dimension)).join(' · ')}
          </th>
          <th scope="col" className={`${headClass} hidden sm:table-cell`}>
            Spent
          </th>
          <th scope="col" className={headClass}>
            Month’s end
          </th>
          <th
            scope="col"
            className="hidden w-[30%] py-1.5 pl-6 text-left font-medium lg:table-cell"
          >
            80% range
          </th>
          <th scope="col" className={`${headClass} hidden md:table-cell`}>
            Month before
          </th>
          <th scope="col" className={headClass}>
            Change
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => {
          const span = spanOf(row);
          return (
            <tr key={row.name} className="border-b border-line last:border-0">
              <th scope="row" className={nameClass}>
                {row.name} <Basis row={row} />
                {span && (
                  <span className="figure block text-xs font-normal text-ink-3 lg:hidden">
                    {formatSpan(span)}
                  </span>
                )}
              </th>
              <td className={`${cellClass} hidden text-ink-2 sm:table-cell`}>
                <Money usd={row.spent_usd} digits={digits} />
              </td>
              <td className={`${cellClass} font-semibold`}>
                <Money usd={row.forecast_usd} digits={digits} unknown="–" />
              </td>
              <td className="hidden py-2 pl-6 align-top lg:table-cell">
                {span && <RangeBar span={span} scale={scale} label={row.name} />}
              </td>
              <td className={`${cellClass} hidden text-ink-2 md:table-cell`}>
                <Money usd={row.before_usd} digits={digits} unknown="–" />
              </td>
              <td className={cellClass}>
                {row.change === null
                  ? '–'
                  : `${row.change > 0 ? '+' : row.change < 0 ? '−' : ''}${formatShare(Math.abs(row.change))}`}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** What is no pattern is said not to be one. */
function Basis({ row: { basis, needs_days: needs } }: { row: Row }) {
  if (basis === 'stopped')
    return (
      <Badge tone="calm" title="No calls for longer than ever before: none are expected">
        stopped
      </Badge>
    );
  if (basis !== 'run_rate') return null;
  return (
    <Badge tone="calm" title={`Too young for a pattern: ${plural(needs, 'more day')} needed`}>
      at its rate so far
    </Badge>
  );
}
