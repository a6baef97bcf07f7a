import type { TemplateRow } from '@farthing/core';
import { Money } from '../../controls/money.js';
import { formatCount, formatShare } from '../../figures/counts.js';
import { columnDigits } from '../../money/usd.js';
import { table } from '../openable-row.js';
import { quantityText } from './quantity-words.js';
import { versionName } from './version-card.js';

/** Versions that were in use all along: there is nothing earlier here to compare them with. */
export function VersionsTable({ rows }: { rows: readonly TemplateRow[] }) {
  const digits = columnDigits(rows.map((row) => row.cost_usd));
  const right = 'hidden text-right sm:table-cell';
  return (
    <section aria-label="In use without a change">
      <h3 className="px-4 pb-2 font-semibold sm:px-6">In use without a change</h3>
      <table className="figure w-full border-t border-line text-[0.8125rem]">
        <thead className="border-b border-line text-ink-3">
          <tr>
            <th scope="col" className={`${table.head} text-left`}>
              Feature and template
            </th>
            <th scope="col" className={`${table.head} ${right}`}>
              Calls
            </th>
            <th scope="col" className={`${table.head} ${right}`}>
              Cost per call
            </th>
            <th scope="col" className={`${table.head} hidden text-right md:table-cell`}>
              Input tokens
            </th>
            <th scope="col" className={`${table.head} hidden text-right md:table-cell`}>
              Output tokens
            </th>
            <th scope="col" className={`${table.head} hidden text-right lg:table-cell`}>
              From cache
            </th>
            <th scope="col" className={`${table.head} hidden text-right lg:table-cell`}>
              Failed
            </th>
            <th scope="col" className={`${table.head} text-right`}>
              Spend
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const { feature, template_version: version, quantities, calls, cost_usd: cost } = row;
            return (
              <tr
                key={JSON.stringify([feature, version])}
                className="border-b border-line last:border-0"
              >
                <th scope="row" className="py-2 pr-3 pl-4 text-left font-normal sm:pl-6">
                  <span className={feature === null ? 'text-ink-2 italic' : 'font-medium'}>
                    {feature ?? 'Unattributed'}
                  </span>{' '}
                  <span className="text-ink-2">{versionName(version)}</span>
                  <span className="block text-xs text-ink-3 sm:hidden">
                    {formatCount(calls)} ×{' '}
                    {quantityText('cost_per_call', quantities.cost_per_call.after)}
                  </span>
                </th>
                <td className={`${table.cell} ${right}`}>{formatCount(calls)}</td>
                <td className={`${table.cell} ${right}`}>
                  {quantityText('cost_per_call', quantities.cost_per_call.after)}
                </td>
                <td className={`${table.cell} hidden text-right md:table-cell`}>
                  {quantityText('input_tokens_per_call', quantities.input_tokens_per_call.after)}
                </td>
                <td className={`${table.cell} hidden text-right md:table-cell`}>
                  {quantityText('output_tokens_per_call', quantities.output_tokens_per_call.after)}
                </td>
                <td className={`${table.cell} hidden text-right lg:table-cell`}>
                  {formatShare(quantities.cache_hit_ratio.after)}
                </td>
                <td className={`${table.cell} hidden text-right lg:table-cell`}>
                  {formatShare(quantities.error_rate.after)}
                </td>
                <td className={`${table.cell} text-right font-semibold`}>
                  <Money usd={cost} digits={digits} />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
