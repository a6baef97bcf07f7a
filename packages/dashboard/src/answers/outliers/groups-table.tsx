import type { OutlierGroupRow } from '@farthing/core';
import { Money } from '../../controls/money.js';
import { formatCount } from '../../figures/counts.js';
import { columnDigits } from '../../money/usd.js';
import { useView } from '../../view/use-view.js';
import { table } from '../openable-row.js';

/** Where the outliers are; a click on a group filters by it. */
export function GroupsTable({ groups }: { groups: readonly OutlierGroupRow[] }) {
  const { view, change } = useView();
  const digits = columnDigits(groups.map((group) => group.excess_usd));
  const filterBy = ({ feature, model }: OutlierGroupRow) =>
    change({
      filters: [
        ...view.filters.filter(({ dimension }) => dimension !== 'feature' && dimension !== 'model'),
        { dimension: 'feature', op: 'in', values: [feature] },
        { dimension: 'model', op: 'in', values: [model] },
      ],
    });
  return (
    <section aria-label="Where they are">
      <h3 className="px-4 pb-2 font-semibold sm:px-6">Where they are</h3>
      <table className="figure w-full border-t border-line text-[0.8125rem]">
        <thead className="border-b border-line text-ink-3">
          <tr>
            <th scope="col" className={`${table.head} text-left`}>
              Feature and model
            </th>
            <th scope="col" className={`${table.head} text-right`}>
              Outliers
            </th>
            <th
              scope="col"
              className={`${table.head} hidden text-right sm:table-cell`}
              title="What costs more is an outlier"
            >
              Above
            </th>
            <th scope="col" className={`${table.head} hidden text-right sm:table-cell`}>
              They cost
            </th>
            <th scope="col" className={`${table.head} text-right`}>
              Too much
            </th>
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => (
            <tr
              key={JSON.stringify([group.feature, group.model])}
              className="relative border-b border-line last:border-0 hover:bg-sunk"
            >
              <th scope="row" className="py-2 pr-3 pl-4 text-left font-normal sm:pl-6">
                <button
                  type="button"
                  title="Filter by it"
                  onClick={() => filterBy(group)}
                  className="text-left break-words after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent-ink"
                >
                  <span className={group.feature === null ? 'text-ink-2 italic' : 'font-medium'}>
                    {group.feature ?? 'Unattributed'}
                  </span>{' '}
                  <span className="text-ink-2">{group.model ?? 'no model'}</span>
                </button>
              </th>
              <td className={`${table.cell} text-right`}>{formatCount(group.outliers)}</td>
              <td className={`${table.cell} hidden text-right text-ink-2 sm:table-cell`}>
                <Money usd={group.floor_usd} />
              </td>
              <td className={`${table.cell} hidden text-right sm:table-cell`}>
                <Money usd={group.cost_usd} digits={digits} />
              </td>
              <td className={`${table.cell} text-right font-semibold`}>
                <Money usd={group.excess_usd} digits={digits} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
