import type { MarginReport } from '@farthing/core';
import { Badge } from '../../controls/badge.js';
import { Money } from '../../controls/money.js';
import { formatCount, formatShare, plural } from '../../figures/counts.js';
import { chartNumber, columnDigits } from '../../money/usd.js';
import { dimensionLabel } from '../../view/dimensions.js';
import { table } from '../openable-row.js';
import { signedDigits, SignedMoney } from '../signed-money.js';
import { verdictWords } from './verdict-words.js';

/** Account by account what it pays and what it costs, those that lose most first. */
export function MarginTable({ report }: { report: MarginReport }) {
  const { accounts, by, total } = report;
  const hasRevenue = chartNumber(total.revenue_usd) > 0;
  const digits = columnDigits(accounts.map(({ cost_usd: usd }) => usd));
  const margins = signedDigits(
    accounts.flatMap(({ margin_usd: usd }) => (usd === null ? [] : [usd])),
  );
  const most = Math.max(
    0,
    ...accounts.map((each) => Math.max(chartNumber(each.revenue_usd), chartNumber(each.cost_usd))),
  );
  if (accounts.length === 0) return null;
  return (
    <table className="w-full border-t border-line text-[0.8125rem]">
      <caption className="sr-only">Revenue against cost, by {by}</caption>
      <thead className="text-ink-3">
        <tr className="border-b border-line">
          <th scope="col" className={`${table.head} text-left`}>
            {by === 'plan' ? 'Plan' : dimensionLabel(by)}
          </th>
          <th scope="col" className={`${table.head} hidden w-[24%] text-left lg:table-cell`}>
            {hasRevenue ? 'Pays and costs' : 'Costs'}
          </th>
          {hasRevenue && (
            <th scope="col" className={`${table.head} hidden text-right sm:table-cell`}>
              Pays
            </th>
          )}
          <th scope="col" className={`${table.head} text-right`}>
            Costs
          </th>
          {hasRevenue && (
            <>
              <th scope="col" className={`${table.head} text-right`}>
                Margin
              </th>
              <th
                scope="col"
                className={`${table.head} hidden text-right md:table-cell`}
                title="So many times its present use is paid for"
              >
                Pays for
              </th>
            </>
          )}
          <th scope="col" className={`${table.head} hidden text-right md:table-cell`}>
            Calls
          </th>
        </tr>
      </thead>
      <tbody>
        {accounts.map((account) => {
          const { words, tone, title } = verdictWords[account.verdict];
          return (
            <tr key={account.key} className="border-b border-line last:border-0">
              <th
                scope="row"
                className="py-2 pr-3 pl-4 text-left align-top font-medium break-words sm:pl-6"
              >
                {account.key}{' '}
                {hasRevenue && (
                  <Badge tone={tone} title={title}>
                    {words}
                  </Badge>
                )}
                {account.plan !== null && by !== 'plan' && (
                  <span className="block text-xs font-normal text-ink-3">{account.plan}</span>
                )}
                {account.unpriced_calls > 0 && (
                  <span className="block text-xs font-normal text-warn">
                    {plural(account.unpriced_calls, 'call')} without a price
                  </span>
                )}
              </th>
              <td className={`${table.cell} hidden lg:table-cell`}>
                <Bars
                  pays={hasRevenue ? account.revenue_usd : null}
                  costs={account.cost_usd}
                  most={most}
                  loses={account.verdict === 'loses'}
                />
              </td>
              {hasRevenue && (
                <td className={`${table.cell} hidden text-right sm:table-cell`}>
                  {account.verdict === 'no_revenue' ? (
                    <span className="text-ink-3">–</span>
                  ) : (
                    <Money usd={account.revenue_usd} digits={2} />
                  )}
                </td>
              )}
              <td className={`${table.cell} text-right`}>
                <Money usd={account.cost_usd} digits={digits} />
              </td>
              {hasRevenue && (
                <>
                  <td className={`${table.cell} text-right font-semibold`}>
                    {account.verdict === 'no_revenue' ? (
                      <span className="font-normal text-ink-3">–</span>
                    ) : account.margin_usd === null ? (
                      <Money usd={null} />
                    ) : (
                      <span className={account.verdict === 'loses' ? 'text-bad' : ''}>
                        <SignedMoney usd={account.margin_usd} digits={margins} plain />
                      </span>
                    )}
                    {account.margin_share !== null && (
                      <span className="figure block text-xs font-normal text-ink-3">
                        {account.margin_share < 0 && '−'}
                        {formatShare(Math.abs(account.margin_share))} of revenue
                      </span>
                    )}
                  </td>
                  <td className={`${table.cell} figure hidden text-right text-ink-2 md:table-cell`}>
                    {account.break_even_usage === null
                      ? '–'
                      : `${account.break_even_usage.toFixed(2)} ×`}
                    {account.break_even_calls !== null && (
                      <span className="block text-xs text-ink-3">
                        {plural(account.break_even_calls, 'call')}
                      </span>
                    )}
                  </td>
                </>
              )}
              <td className={`${table.cell} figure hidden text-right text-ink-2 md:table-cell`}>
                {formatCount(account.calls)}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** What an account pays above what it costs, on the scale of all of them. */
function Bars({
  pays,
  costs,
  most,
  loses,
}: {
  pays: string | null;
  costs: string | null;
  most: number;
  loses: boolean;
}) {
  const width = (usd: string) => `${most === 0 ? 0 : (chartNumber(usd) / most) * 100}%`;
  return (
    <span aria-hidden="true" className="flex flex-col gap-[3px] pt-1">
      {pays !== null && (
        <span className="block h-1.5 rounded-[2px] bg-accent" style={{ width: width(pays) }} />
      )}
      {costs !== null && (
        <span
          className={`block h-1.5 rounded-[2px] ${loses ? 'bg-bad' : 'bg-cost-rest'}`}
          style={{ width: width(costs) }}
        />
      )}
    </span>
  );
}
