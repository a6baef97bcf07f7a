import type { PriceView } from '@farthing/core';
import { formatDay, formatFullDay } from '../figures/times.js';
import { formatCount } from '../figures/counts.js';
import { unitLabel } from './unit-label.js';
import { inOrder } from './prices-report.js';

const sources: Record<string, string> = {
  base: 'Price list',
  overlay: 'Farthing’s correction',
  override: 'Your own price',
};

const per = (count: number) => (count === 1_000_000 ? '1M' : formatCount(count));

/** The rates of an ordinary call: standard tier, short prompt, no region. */
export function RatesTable({ view }: { view: PriceView }) {
  const rates = inOrder(view.rates);
  const own = rates.some((rate) => rate.list_rate_usd !== undefined);
  const head = 'py-1.5 pl-3 font-medium whitespace-nowrap';
  return (
    <div>
      <h3 className="mb-2 text-[0.8125rem] font-medium text-ink-2">
        An ordinary call on {formatDay(view.at)}
      </h3>
      <table className="figure w-full border-t border-line text-[0.8125rem]">
        <thead className="text-ink-3">
          <tr className="border-b border-line">
            <th scope="col" className="py-1.5 text-left font-medium">
              What
            </th>
            <th scope="col" className={`${head} text-right`}>
              Rate, USD
            </th>
            {own && (
              <th scope="col" className={`${head} hidden text-right sm:table-cell`}>
                At list
              </th>
            )}
            <th scope="col" className={`${head} text-right`}>
              Per
            </th>
            <th scope="col" className={`${head} hidden text-left sm:table-cell`}>
              Where it comes from
            </th>
          </tr>
        </thead>
        <tbody>
          {rates.map((rate) => (
            <tr key={rate.unit} className="border-b border-line last:border-0">
              <th scope="row" className="py-1.5 text-left font-normal">
                {unitLabel(rate.unit)}
                {rate.minimum !== undefined && (
                  <span className="block text-xs text-ink-3">at least {rate.minimum} billed</span>
                )}
              </th>
              <td className="py-1.5 pl-3 text-right font-semibold">${rate.rate_usd}</td>
              {own && (
                <td className="hidden py-1.5 pl-3 text-right text-ink-2 sm:table-cell">
                  ${rate.list_rate_usd ?? rate.rate_usd}
                </td>
              )}
              <td className="py-1.5 pl-3 text-right text-ink-2">{per(rate.per)}</td>
              <td className="hidden py-1.5 pl-3 text-ink-2 sm:table-cell">
                {sources[rate.source] ?? rate.source}
                <span className="block text-xs text-ink-3">
                  {rate.price.book}
                  {rate.price.effective_from !== undefined &&
                    ` since ${formatFullDay(rate.price.effective_from)}`}
                </span>
              </td>
            </tr>
          ))}
          {rates.length === 0 && (
            <tr>
              <td colSpan={5} className="py-4 text-ink-3">
                No rate is in force on that day.
              </td>
            </tr>
          )}
        </tbody>
      </table>
    </div>
  );
}
