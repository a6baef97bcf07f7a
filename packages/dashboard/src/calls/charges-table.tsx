import type { Charge } from '@farthing/core';
import { formatCount } from '../figures/counts.js';
import { formatUsd, formatUsdExact } from '../money/usd.js';
import { kindLabel } from './tokens.js';

const per = (count: number) =>
  count === 1
    ? 'each'
    : count === 1_000_000
      ? 'per 1M'
      : count === 1000
        ? 'per 1,000'
        : `per ${formatCount(count)}`;

/** Quantity × rate = amount, line by line, to the last digit. */
export function ChargesTable({
  charges,
  total,
}: {
  charges: readonly Charge[];
  total: string | null;
}) {
  return (
    <table className="figure w-full text-[0.8125rem]">
      <thead className="text-ink-3">
        <tr>
          <th scope="col" className="pb-1.5 text-left font-normal">
            Charge
          </th>
          <th scope="col" className="pb-1.5 text-right font-normal">
            Quantity
          </th>
          <th scope="col" className="pb-1.5 text-right font-normal">
            Rate
          </th>
          <th scope="col" className="pb-1.5 text-right font-normal">
            Amount
          </th>
        </tr>
      </thead>
      <tbody>
        {charges.map((charge, index) => (
          <tr key={`${index} ${charge.kind}`} className="border-t border-line align-top">
            <th scope="row" className="py-1.5 pr-2 text-left font-normal">
              {kindLabel(charge.kind)}
              {charge.model !== undefined && (
                <span className="block text-xs text-ink-3">at the rate of {charge.model}</span>
              )}
            </th>
            <td className="py-1.5 pl-2 text-right">{formatCount(charge.quantity)}</td>
            <td className="py-1.5 pl-2 text-right whitespace-nowrap text-ink-2">
              {formatUsdExact(charge.rate_usd)}{' '}
              <span className="text-ink-3">{per(charge.per)}</span>
              {charge.list_rate_usd !== undefined && charge.list_rate_usd !== charge.rate_usd && (
                <span className="block text-xs text-ink-3">
                  list {formatUsdExact(charge.list_rate_usd)}
                </span>
              )}
            </td>
            <td className="py-1.5 pl-2 text-right" title={formatUsd(charge.amount_usd)}>
              {formatUsdExact(charge.amount_usd)}
            </td>
          </tr>
        ))}
      </tbody>
      {total !== null && (
        <tfoot>
          <tr className="border-t border-line-strong font-semibold">
            <th scope="row" colSpan={3} className="py-1.5 text-left">
              Total
            </th>
            <td className="py-1.5 pl-2 text-right">{formatUsdExact(total)}</td>
          </tr>
        </tfoot>
      )}
    </table>
  );
}
