import type { PlanMargin } from '@farthing/core';
import { Money } from '../../controls/money.js';
import { formatCount } from '../../figures/counts.js';
import { columnDigits } from '../../money/usd.js';
import { table } from '../openable-row.js';
import { signedDigits, SignedMoney } from '../signed-money.js';

/** The same by plan: whether a price is too low for all, or one account too dear. */
export function PlanTable({ plans }: { plans: readonly PlanMargin[] }) {
  const digits = columnDigits(plans.map(({ cost_usd: usd }) => usd));
  const margins = signedDigits(plans.flatMap(({ margin_usd: usd }) => (usd === null ? [] : [usd])));
  if (plans.length === 0) return null;
  return (
    <table className="w-full border-t border-line text-[0.8125rem]">
      <thead className="text-ink-3">
        <tr className="border-b border-line">
          <th scope="col" className={`${table.head} text-left`}>
            Plan
          </th>
          <th scope="col" className={`${table.head} hidden text-right sm:table-cell`}>
            Accounts
          </th>
          <th scope="col" className={`${table.head} text-right`}>
            Losing
          </th>
          <th scope="col" className={`${table.head} hidden text-right sm:table-cell`}>
            Pays
          </th>
          <th scope="col" className={`${table.head} text-right`}>
            Costs
          </th>
          <th scope="col" className={`${table.head} text-right`}>
            Margin
          </th>
        </tr>
      </thead>
      <tbody>
        {plans.map((plan) => (
          <tr key={plan.plan ?? ''} className="border-b border-line last:border-0">
            <th scope="row" className="py-2 pr-3 pl-4 text-left font-medium break-words sm:pl-6">
              {plan.plan ?? <span className="text-ink-3">not known</span>}
            </th>
            <td className={`${table.cell} figure hidden text-right text-ink-2 sm:table-cell`}>
              {formatCount(plan.accounts)}
            </td>
            <td
              className={`${table.cell} figure text-right ${plan.losing_accounts > 0 ? 'text-bad' : 'text-ink-3'}`}
            >
              {formatCount(plan.losing_accounts)}
            </td>
            <td className={`${table.cell} hidden text-right sm:table-cell`}>
              <Money usd={plan.revenue_usd} digits={2} />
            </td>
            <td className={`${table.cell} text-right`}>
              <Money usd={plan.cost_usd} digits={digits} />
            </td>
            <td className={`${table.cell} text-right font-semibold`}>
              {plan.margin_usd === null ? (
                <Money usd={null} />
              ) : (
                <SignedMoney usd={plan.margin_usd} digits={margins} plain />
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
