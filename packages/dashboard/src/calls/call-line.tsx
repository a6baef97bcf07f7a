import { memo } from 'react';
import type { ListedCall } from '../api/contract.js';
import { Money } from '../controls/money.js';
import {
  formatCompact,
  formatCount,
  formatDuration,
  formatShare,
  plural,
  shareOf,
} from '../figures/counts.js';
import { formatClockSeconds, formatDay, formatInstant } from '../figures/times.js';
import { formatUsdExact } from '../money/usd.js';
import { callDigits } from './call-digits.js';
import { OutcomeBadge } from './outcome-badge.js';
import { inputTokens } from './tokens.js';
import { statusReason } from './status-reason.js';

const cell = 'hidden px-3 py-2 whitespace-nowrap';

/** One call; a click anywhere opens all its figures. */
export const CallLine = memo(function CallLine({
  call,
  fresh,
  onOpen,
}: {
  call: ListedCall;
  fresh: boolean;
  onOpen: (id: string) => void;
}) {
  const adjusted = call.restated ?? null;
  const { cost_usd: cost, cost_status: status } = adjusted ?? call;
  const input = call.tokens && inputTokens(call.tokens);
  const feature = call.tags.feature ?? null;
  const model = call.model ?? call.model_requested;
  const today = call.started_at.slice(0, 10) === new Date().toISOString().slice(0, 10);
  const time = today
    ? formatClockSeconds(call.started_at)
    : `${formatDay(call.started_at)}, ${formatClockSeconds(call.started_at)}`;
  return (
    <tr
      className={`relative border-b border-line last:border-0 hover:bg-sunk ${fresh ? 'arrived' : ''}`}
    >
      <td
        className={`${cell} figure pl-6 text-ink-2 md:table-cell`}
        title={formatInstant(call.started_at)}
      >
        {time}
      </td>
      <th
        scope="row"
        className="w-2/3 max-w-0 py-2 pr-3 pl-4 text-left font-normal sm:w-[22%] sm:pl-6 md:pl-3"
      >
        <button
          type="button"
          onClick={() => onOpen(call.id)}
          aria-label={`Details of the ${call.kind} at ${time}, ${feature ?? 'unattributed'}, ${model ?? 'no model'}`}
          className="block w-full truncate text-left font-medium after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent-ink"
        >
          {feature ?? <span className="text-ink-2 italic">Unattributed</span>}
        </button>
        <span className="figure block truncate text-xs text-ink-3 md:hidden">
          {time}
          <span className="sm:hidden">, {model ?? 'no model'}</span>
        </span>
      </th>
      <td
        className={`${cell} max-w-56 truncate text-ink-2 sm:table-cell`}
        title={`${call.provider}, ${call.api}`}
      >
        {model ?? call.path ?? '–'}
      </td>
      <td className={`${cell} max-w-32 truncate text-ink-2 xl:table-cell`}>
        {call.tags.tenant ?? '–'}
      </td>
      <td
        className={`${cell} figure text-right md:table-cell`}
        title={input === null ? undefined : formatCount(input)}
      >
        {input === null ? '–' : formatCompact(input)}
      </td>
      <td className={`${cell} figure text-right text-ink-2 lg:table-cell`}>
        {input ? formatShare(shareOf(call.tokens!.cache_read, input)) : '–'}
      </td>
      <td className={`${cell} figure text-right md:table-cell`}>
        {call.tokens === null ? '–' : formatCompact(call.tokens.output)}
      </td>
      <td className={`${cell} figure text-right text-ink-2 lg:table-cell`}>
        {formatDuration(call.duration_ms)}
      </td>
      <td className={`${cell} sm:table-cell`}>
        <OutcomeBadge call={call} />
      </td>
      <td
        title={
          adjusted === null
            ? undefined
            : `Booked ${call.cost_usd === null ? 'without a price' : `at ${formatUsdExact(call.cost_usd)}`}, ${plural(adjusted.adjustments, 'adjustment')} since`
        }
        className="py-2 pr-4 pl-3 text-right font-semibold whitespace-nowrap sm:pr-6"
      >
        {status === 'not_billed' ? (
          <span className="font-normal text-ink-3" title={statusReason('not_billed')}>
            not billed
          </span>
        ) : (
          <Money usd={cost} digits={callDigits(cost)} reason={statusReason(status)} />
        )}
        <span className="block text-xs font-normal whitespace-normal sm:hidden">
          <OutcomeBadge call={call} quiet />
        </span>
      </td>
    </tr>
  );
});
