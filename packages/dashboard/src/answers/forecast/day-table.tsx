import type { ForecastPoint } from '@farthing/core';
import { Money } from '../../controls/money.js';
import { formatBucket } from '../../figures/times.js';
import { columnDigits } from '../../money/usd.js';

/** The chart's figures as a table; it scrolls within. */
export function DayTable({ points }: { points: readonly ForecastPoint[] }) {
  const days = columnDigits(points.map(({ actual_usd: usd }) => usd));
  const head =
    'sticky top-0 border-b border-line bg-sunk px-3 py-2 text-right font-medium whitespace-nowrap';
  const cell = 'px-3 py-1.5 text-right';
  return (
    <div
      tabIndex={0}
      role="region"
      aria-label="The month day by day, as a table"
      className="max-h-[21rem] overflow-auto rounded-md border border-line"
    >
      <table className="figure w-full text-[0.8125rem]">
        <thead className="text-ink-2">
          <tr>
            <th scope="col" className={`${head} text-left!`}>
              Day, UTC
            </th>
            {['Spent', 'To come', 'Month by then', '80% from', 'to', '95% from', 'to'].map(
              (label, index) => (
                <th key={`${index} ${label}`} scope="col" className={head}>
                  {label}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>
          {points.map(
            ({ at, actual_usd: actual, expected_usd: expected, month_to_date: month }) => (
              <tr key={at} className="border-b border-line last:border-0">
                <th scope="row" className="px-3 py-1.5 text-left font-normal whitespace-nowrap">
                  {formatBucket(Date.parse(at), 'day')}
                </th>
                <td className={cell}>
                  {actual === null ? '–' : <Money usd={actual} digits={days} />}
                </td>
                <td className={cell}>
                  {expected === null ? '–' : <Money usd={expected} digits={days} />}
                </td>
                {[
                  month?.expected_usd,
                  month?.interval_80.low_usd,
                  month?.interval_80.high_usd,
                  month?.interval_95.low_usd,
                  month?.interval_95.high_usd,
                ].map((usd, index) => (
                  <td key={index} className={cell}>
                    {usd === undefined ? '–' : <Money usd={usd} digits={2} />}
                  </td>
                ))}
              </tr>
            ),
          )}
        </tbody>
      </table>
    </div>
  );
}
