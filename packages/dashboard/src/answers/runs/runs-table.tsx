import type { ListedRun, RunList } from '@farthing/core';
import { SmallButton } from '../../controls/button.js';
import { Money } from '../../controls/money.js';
import { formatCount, formatDuration, formatShare, plural } from '../../figures/counts.js';
import { formatMoment } from '../../figures/times.js';
import { columnDigits } from '../../money/usd.js';
import { table } from '../openable-row.js';
import { OutcomeWord } from './outcome-word.js';
import { RunLink } from './run-link.js';

/** One line for each run: what it cost, and of what kind it was. */
export function RunsTable({
  list: { rows, kind },
  against,
  onCompare,
}: {
  list: RunList;
  /** The run that the next one opened is compared with. */
  against: string | null;
  onCompare: (id: string | null) => void;
}) {
  const digits = columnDigits(rows.map(({ cost_usd: cost }) => cost));
  const most = rows.reduce((largest, { cost_share: share }) => Math.max(largest, share ?? 0), 0);
  const isJudged = rows.some(({ outcome }) => outcome !== null);
  return (
    <table className="w-full border-t border-line text-[0.8125rem]">
      <thead className="border-b border-line text-ink-3">
        <tr>
          <th scope="col" className={`${table.head} text-left`}>
            {kind === 'run' ? 'Run' : 'Session'}
          </th>
          <th scope="col" className={`${table.head} hidden text-left md:table-cell`}>
            Feature and agent
          </th>
          <th scope="col" className={`${table.head} hidden text-right sm:table-cell`}>
            Calls
          </th>
          <th scope="col" className={`${table.head} hidden text-right lg:table-cell`}>
            Took
          </th>
          {isJudged && (
            <th scope="col" className={`${table.head} hidden text-left sm:table-cell`}>
              Outcome
            </th>
          )}
          <th scope="col" className={`${table.head} hidden w-52 text-left lg:table-cell`}>
            Share
          </th>
          <th scope="col" className={`${table.head} text-right last:pr-3`}>
            Cost
          </th>
          <th scope="col" className={`${table.head} hidden w-24 sm:table-cell`}>
            <span className="sr-only">Compare</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id} className="border-b border-line last:border-0 hover:bg-sunk">
            <th scope="row" className="py-2 pr-3 pl-4 text-left align-top font-normal sm:pl-6">
              <RunLink
                id={row.id}
                kind={kind}
                against={against}
                className="font-medium break-all hover:underline"
              />
              <span className="figure block text-xs text-ink-3">
                {row.first_call_at === null ? 'no time' : formatMoment(row.first_call_at)}
                <span className="sm:hidden">, {plural(row.calls, 'call')}</span>
              </span>
              {row.outcome !== null && (
                <span className="sm:hidden">
                  <OutcomeWord outcome={row.outcome} />
                </span>
              )}
            </th>
            <td className={`${table.cell} hidden break-words md:table-cell`}>
              {row.feature ?? <span className="text-ink-3">several or none</span>}
              {row.agent !== null && <span className="block text-xs text-ink-3">{row.agent}</span>}
            </td>
            <td className={`${table.cell} figure hidden text-right sm:table-cell`}>
              {formatCount(row.calls)}
              <Trouble row={row} />
            </td>
            <td
              className={`${table.cell} figure hidden text-right whitespace-nowrap text-ink-2 lg:table-cell`}
            >
              {row.duration_ms === null ? '–' : formatDuration(row.duration_ms)}
            </td>
            {isJudged && (
              <td className={`${table.cell} hidden sm:table-cell`}>
                <OutcomeWord outcome={row.outcome} />
              </td>
            )}
            <td className={`${table.cell} hidden lg:table-cell`}>
              <ShareBar share={row.cost_share} most={most} />
            </td>
            <td className={`${table.cell} text-right font-semibold`}>
              <Money usd={row.cost_usd} digits={digits} />
              {row.unpriced_calls > 0 && row.cost_usd !== null && (
                <span className="figure block text-xs font-normal text-warn">
                  {plural(row.unpriced_calls, 'call')} unpriced
                </span>
              )}
            </td>
            <td className={`${table.cell} hidden py-1 text-right sm:table-cell`}>
              <SmallButton
                quiet
                aria-pressed={against === row.id}
                aria-label={`Compare with ${row.id}`}
                onClick={() => onCompare(against === row.id ? null : row.id)}
                className="aria-pressed:bg-accent-soft aria-pressed:text-accent-ink"
              >
                Compare
              </SmallButton>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Trouble({ row: { retries, errors } }: { row: ListedRun }) {
  if (retries === 0 && errors === 0) return null;
  const parts = [
    ...(errors > 0 ? [`${formatCount(errors)} failed`] : []),
    ...(retries > 0 ? [plural(retries, 'retry', 'retries')] : []),
  ];
  return <span className="block text-xs whitespace-nowrap text-warn">{parts.join(', ')}</span>;
}

/** A share of the whole as words, drawn on the scale of the largest of its list. */
export function ShareBar({ share, most }: { share: number | null; most: number }) {
  return (
    <span className="flex items-center gap-2">
      <span aria-hidden="true" className="h-2 flex-1 overflow-hidden rounded-full bg-sunk">
        <span
          className="block h-full rounded-full bg-accent"
          style={{
            width:
              most === 0 || share === null || share === 0
                ? 0
                : `max(2px, ${(share / most) * 100}%)`,
          }}
        />
      </span>
      <span className="figure w-11 text-right text-xs text-ink-3">{formatShare(share)}</span>
    </span>
  );
}
