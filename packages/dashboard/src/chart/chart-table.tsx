import type { BucketSize, Dimension } from '@farthing/core';
import { columnDigits } from '../money/usd.js';
import { Money } from '../controls/money.js';
import { formatBucket } from '../figures/times.js';
import { seriesId, seriesLabel } from './series-label.js';
import type { Stack } from './stack.js';

/** The chart's figures as a table, newest bucket first; it scrolls within. */
export function ChartTable({
  stack,
  bucket,
  dimension,
  height,
}: {
  stack: Stack;
  bucket: BucketSize;
  dimension: Dimension;
  height: number;
}) {
  const order = stack.starts.map((_, index) => index).toReversed();
  const totalDigits = columnDigits(stack.totals);
  const digits = new Map(stack.series.map(({ key, amounts }) => [key, columnDigits(amounts, 1)]));
  return (
    <div
      tabIndex={0}
      role="region"
      aria-label="Spend over time, as a table"
      className="overflow-auto rounded-md border border-line"
      style={{ height }}
    >
      <table className="w-full text-[0.8125rem]">
        <thead>
          <tr>
            {[
              'Time, UTC',
              'Total',
              ...stack.series.map(({ key }) => seriesLabel(dimension, key)),
            ].map((label, index) => (
              <th
                key={`${index} ${label}`}
                scope="col"
                className={`sticky top-0 border-b border-line bg-sunk px-3 py-2 font-medium whitespace-nowrap text-ink-2 ${index === 0 ? 'text-left' : 'text-right'}`}
              >
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {order.map((index) => (
            <tr key={stack.starts[index]} className="border-b border-line last:border-0">
              <th scope="row" className="px-3 py-1.5 text-left font-normal whitespace-nowrap">
                {formatBucket(stack.starts[index]!, bucket)}
              </th>
              <td className="px-3 py-1.5 text-right font-semibold">
                <Money usd={stack.totals[index]!} digits={totalDigits} />
              </td>
              {stack.series.map(({ key, amounts }) => (
                <td key={seriesId(key)} className="px-3 py-1.5 text-right">
                  <Money usd={amounts[index]!} digits={digits.get(key)} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
