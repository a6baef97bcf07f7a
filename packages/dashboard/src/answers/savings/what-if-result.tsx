import type { WhatIf } from '@farthing/core';
import { Badge } from '../../controls/badge.js';
import { Money } from '../../controls/money.js';
import { formatCount, formatShare } from '../../figures/counts.js';
import { columnDigits, formatUsd } from '../../money/usd.js';
import { groupWords } from '../group-words.js';
import { KeyFigures } from '../key-figures.js';
import { table } from '../openable-row.js';
import { formatSpan, RangeBar, scaleOf } from '../range-bar.js';
import { signedDigits, SignedMoney } from '../signed-money.js';

/** What the scenario would have cost, in total and by feature, and what could not be compared. */
export function WhatIfResult({ answer }: { answer: WhatIf }) {
  const { rows, repriced_usd: repriced, savings_usd: savings, not_compared: left } = answer;
  const scale = scaleOf(rows.map((row) => row.savings_usd));
  const digits = columnDigits(rows.map((row) => row.actual_usd));
  const saved = signedDigits(rows.map((row) => row.savings_usd.expected));
  return (
    <div className="space-y-5">
      <div className="px-4 sm:px-6">
        <KeyFigures
          figures={[
            {
              label: 'Saved',
              value: <SignedMoney usd={savings.expected} plain />,
              note: `${formatSpan(savings)}${answer.savings_share === null ? '' : `, ${formatShare(Math.abs(answer.savings_share))} ${answer.savings_share < 0 ? 'more' : 'less'}`}`,
            },
            { label: 'It cost', value: <Money usd={answer.actual_usd} /> },
            {
              label: 'It would have cost',
              value: <Money usd={repriced.expected} />,
              note: formatSpan(repriced),
            },
            {
              label: 'A tenth more in the answers',
              value: <Money usd={answer.tenth_of_output_usd} />,
              note: 'would change so much',
            },
          ]}
        />
      </div>
      {rows.length > 0 && (
        <table className="w-full border-t border-line text-[0.8125rem]">
          <caption className="sr-only">What the scenario would have saved, by feature</caption>
          <thead className="text-ink-3">
            <tr className="border-b border-line">
              <th scope="col" className={`${table.head} text-left`}>
                Feature
              </th>
              <th scope="col" className={`${table.head} hidden text-right md:table-cell`}>
                Calls
              </th>
              <th scope="col" className={`${table.head} text-right`}>
                It cost
              </th>
              <th scope="col" className={`${table.head} hidden text-right sm:table-cell`}>
                Would have
              </th>
              <th scope="col" className={`${table.head} hidden w-[28%] text-left lg:table-cell`}>
                Range of savings
              </th>
              <th scope="col" className={`${table.head} text-right`}>
                Saved
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={JSON.stringify(row.group)} className="border-b border-line last:border-0">
                <th
                  scope="row"
                  className="py-2 pr-3 pl-4 text-left align-top font-medium break-words sm:pl-6"
                >
                  {groupWords(row.group)}{' '}
                  {row.exact && (
                    <Badge tone="calm" title="All of it follows from what was counted">
                      exact
                    </Badge>
                  )}
                  <span className="block text-xs font-normal text-ink-3">
                    {listed(row.models.map(({ model }) => model))}
                  </span>
                </th>
                <td className={`${table.cell} figure hidden text-right text-ink-2 md:table-cell`}>
                  {formatCount(row.calls)}
                </td>
                <td className={`${table.cell} text-right`}>
                  <Money usd={row.actual_usd} digits={digits} />
                </td>
                <td className={`${table.cell} hidden text-right sm:table-cell`}>
                  <Money usd={row.repriced_usd.expected} digits={digits} />
                </td>
                <td className={`${table.cell} hidden lg:table-cell`}>
                  <RangeBar span={row.savings_usd} scale={scale} label={groupWords(row.group)} />
                </td>
                <td className={`${table.cell} text-right font-semibold`}>
                  <SignedMoney usd={row.savings_usd.expected} digits={saved} plain />
                  {!row.exact && (
                    <span className="figure block text-xs font-normal text-ink-3 lg:whitespace-nowrap">
                      {formatSpan(row.savings_usd)}
                    </span>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {left.length > 0 && (
        <details className="px-4 text-[0.8125rem] sm:px-6">
          <summary className="w-fit text-ink-2 underline decoration-dotted underline-offset-2">
            {formatCount(left.reduce((sum, { calls }) => sum + calls, 0))} calls are in no figure
            here
          </summary>
          <ul className="mt-1 list-disc space-y-0.5 pl-5 text-ink-2">
            {left.map(({ sentence, usd }) => (
              <li key={sentence}>
                {sentence}{' '}
                {usd !== null && <span className="figure text-ink-3">({formatUsd(usd)})</span>}
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

/** A few of them, and how many more there are. */
function listed(names: readonly string[]): string {
  const few = names.slice(0, 4);
  return `${few.join(', ')}${few.length < names.length ? ` and ${names.length - few.length} more` : ''}`;
}
