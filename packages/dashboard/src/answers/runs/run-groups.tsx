import type { Dimension, RunList } from '@farthing/core';
import { Money } from '../../controls/money.js';
import { formatCount, formatShare } from '../../figures/counts.js';
import { columnDigits } from '../../money/usd.js';
import { dimensionLabel } from '../../view/dimensions.js';
import { groupWords } from '../group-words.js';
import { table } from '../openable-row.js';

/** What a run, and a successful one, costs in each group. */
export function RunGroups({
  list: { groups, groups_truncated: truncated, by, kind },
}: {
  list: RunList;
}) {
  const isJudged = groups.some(({ judged }) => judged > 0);
  const digits = {
    each: columnDigits(groups.map((group) => group.cost_per_run_usd)),
    all: columnDigits(groups.map((group) => group.cost_usd)),
  };
  const names = by.map((dimension: Dimension) => dimensionLabel(dimension)).join(', ');
  const right = 'hidden text-right sm:table-cell';
  return (
    <section aria-label={`What a ${kind} costs`}>
      <h3 className="px-4 pb-2 font-semibold sm:px-6">What a {kind} costs</h3>
      <table className="figure w-full border-t border-line text-[0.8125rem]">
        <thead className="border-b border-line text-ink-3">
          <tr>
            <th scope="col" className={`${table.head} text-left`}>
              {names}
            </th>
            <th scope="col" className={`${table.head} ${right}`}>
              {kind === 'run' ? 'Runs' : 'Sessions'}
            </th>
            <th scope="col" className={`${table.head} text-right`}>
              Each
            </th>
            {isJudged && (
              <>
                <th scope="col" className={`${table.head} ${right}`}>
                  Succeeded
                </th>
                <th scope="col" className={`${table.head} text-right`}>
                  Each success
                </th>
              </>
            )}
            <th scope="col" className={`${table.head} ${right}`}>
              All
            </th>
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => (
            <tr key={JSON.stringify(group.group)} className="border-b border-line last:border-0">
              <th
                scope="row"
                className="py-2 pr-3 pl-4 text-left align-top font-medium break-words sm:pl-6"
              >
                {groupWords(group.group)}
              </th>
              <td className={`${table.cell} ${right}`}>{formatCount(group.runs)}</td>
              <td className={`${table.cell} text-right font-semibold`}>
                <Money usd={group.cost_per_run_usd} digits={digits.each} />
              </td>
              {isJudged && (
                <>
                  <td className={`${table.cell} ${right}`}>{formatShare(group.success_rate)}</td>
                  <td className={`${table.cell} text-right font-semibold`}>
                    <Money usd={group.cost_per_success_usd} unknown="–" />
                  </td>
                </>
              )}
              <td className={`${table.cell} ${right} text-ink-2`}>
                <Money usd={group.cost_usd} digits={digits.all} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {truncated && (
        <p className="px-4 pt-2 text-[0.8125rem] text-ink-2 sm:px-6">
          Only the dearest groups are listed; filter to reach the others.
        </p>
      )}
    </section>
  );
}
