import type { CacheReport } from '@farthing/core';
import { Badge } from '../../controls/badge.js';
import { Money } from '../../controls/money.js';
import { formatCompact, formatCount } from '../../figures/counts.js';
import { columnDigits, parseUsd } from '../../money/usd.js';
import { dimensionLabel } from '../../view/dimensions.js';
import { groupWords } from '../group-words.js';
import { OpenableRow, table } from '../openable-row.js';
import { Sentence } from '../sentence.js';
import { signedDigits, SignedMoney } from '../signed-money.js';
import { HitBar } from './hit-bar.js';
import { ModelCache } from './model-cache.js';
import { flagWords } from './setting-words.js';

/** Group by group what the cache returned; each opens to its models and what other settings would do. */
export function CacheTable({ report }: { report: CacheReport }) {
  const { rows, by } = report;
  const nets = signedDigits(rows.flatMap(({ net_usd: usd }) => (usd === null ? [] : [usd])));
  const savings = columnDigits(rows.map(({ saves_usd: usd }) => usd));
  if (rows.length === 0) return null;
  return (
    <table className="w-full border-t border-line text-[0.8125rem]">
      <caption className="sr-only">Caching, group by group</caption>
      <thead className="text-ink-3">
        <tr className="border-b border-line">
          <th scope="col" className={`${table.head} text-left`}>
            {by.map((dimension) => dimensionLabel(dimension)).join(' · ')}
          </th>
          <th scope="col" className={`${table.head} hidden text-right md:table-cell`}>
            Calls
          </th>
          <th scope="col" className={`${table.head} hidden text-right lg:table-cell`}>
            Input tokens
          </th>
          <th scope="col" className={`${table.head} text-left sm:w-[26%]`}>
            Hit ratio
          </th>
          <th
            scope="col"
            className={`${table.head} text-right`}
            title="Saved by reading, less what writing cost"
          >
            Net return
          </th>
          <th
            scope="col"
            className={`${table.head} hidden text-right sm:table-cell`}
            title="What the advised settings would have saved more"
          >
            Could save
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => {
          const low = row.flags.includes('low_hit_ratio');
          const saves = parseUsd(row.saves_usd) > 0n;
          return (
            <OpenableRow
              key={JSON.stringify(row.group)}
              name={groupWords(row.group)}
              columns={6}
              below={
                row.flags.length > 0 && (
                  <span className="mt-0.5 flex flex-wrap gap-1">
                    {row.flags.map((flag) => (
                      <Badge
                        key={flag}
                        tone={flag === 'loses_money' ? 'bad' : 'warn'}
                        title={flagWords[flag].title}
                      >
                        {flagWords[flag].words}
                      </Badge>
                    ))}
                  </span>
                )
              }
              cells={
                <>
                  <td className={`${table.cell} figure hidden text-right text-ink-2 md:table-cell`}>
                    {formatCount(row.calls)}
                  </td>
                  <td
                    className={`${table.cell} figure hidden text-right text-ink-2 lg:table-cell`}
                    title={formatCount(row.input_tokens)}
                  >
                    {formatCompact(row.input_tokens)}
                  </td>
                  <td className={table.cell}>
                    <HitBar ratio={row.hit_ratio} low={low} />
                  </td>
                  <td className={`${table.cell} text-right font-semibold`}>
                    {row.net_usd === null ? (
                      <Money usd={null} />
                    ) : (
                      <SignedMoney usd={row.net_usd} digits={nets} plain />
                    )}
                  </td>
                  <td className={`${table.cell} hidden text-right sm:table-cell`}>
                    {saves ? (
                      <Money usd={row.saves_usd} digits={savings} />
                    ) : (
                      <span className="text-ink-3">–</span>
                    )}
                  </td>
                </>
              }
            >
              <p className="max-w-[56rem] text-[0.8125rem] text-ink-2">
                <Sentence text={row.summary} />
              </p>
              <div className="mt-3 space-y-4">
                {row.models.map((model) => (
                  <ModelCache key={`${model.provider} ${model.model}`} model={model} />
                ))}
              </div>
            </OpenableRow>
          );
        })}
      </tbody>
    </table>
  );
}
