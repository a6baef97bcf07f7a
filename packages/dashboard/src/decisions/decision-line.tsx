import { memo } from 'react';
import type { FoundDecision } from '../api/budgets-contract.js';
import { Badge, type Tone } from '../controls/badge.js';
import { formatCount, plural } from '../figures/counts.js';
import { formatClockSeconds, formatDay, formatInstant } from '../figures/times.js';
import { kindLabels, kindOf, summaryOf, whoseOf, type DecisionKind } from './decision-words.js';

const tones: Record<DecisionKind, Tone> = {
  refused: 'bad',
  question: 'warn',
  changed: 'good',
  warned: 'warn',
};

export function KindBadge({ decision }: { decision: FoundDecision }) {
  const kind = kindOf(decision);
  return <Badge tone={tones[kind]}>{kindLabels[kind]}</Badge>;
}

/** One decision; a click anywhere opens why. */
export const DecisionLine = memo(function DecisionLine({
  decision,
  onOpen,
}: {
  decision: FoundDecision;
  onOpen: (call: string) => void;
}) {
  const { call, at, model_requested: model, times } = decision;
  const { feature, others } = whoseOf(decision);
  const today = at.slice(0, 10) === new Date().toISOString().slice(0, 10);
  const time = today ? formatClockSeconds(at) : `${formatDay(at)}, ${formatClockSeconds(at)}`;
  const summary = summaryOf(decision);
  return (
    <tr className="relative border-b border-line last:border-0 hover:bg-sunk">
      <td
        className="figure hidden px-3 py-2 pl-6 align-top whitespace-nowrap text-ink-2 md:table-cell"
        title={formatInstant(at)}
      >
        {time}
      </td>
      <th scope="row" className="px-3 py-2 pl-4 text-left align-top font-normal sm:pl-6 md:pl-3">
        <button
          type="button"
          onClick={() => onOpen(call)}
          aria-label={`Why: call at ${time}, ${feature ?? 'unattributed'}, ${summary}`}
          className="block w-full truncate text-left font-medium after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent-ink"
        >
          {feature ?? <span className="text-ink-2 italic">Unattributed</span>}
        </button>
        <span className="block truncate text-xs text-ink-3" title={others}>
          <span className="md:hidden">{time}, </span>
          {[model, others].filter(Boolean).join(', ')}
        </span>
        <span className="mt-0.5 block text-xs text-ink-2 md:hidden">{summary}</span>
      </th>
      <td className="px-3 py-2 align-top">
        <KindBadge decision={decision} />
        {times > 1 && (
          <span className="figure mt-0.5 block text-xs text-ink-3 sm:hidden">
            × {formatCount(times)}
          </span>
        )}
      </td>
      <td className="hidden px-3 py-2 align-top break-words text-ink-2 md:table-cell">{summary}</td>
      <td
        className="figure hidden py-2 pr-6 pl-3 text-right align-top text-ink-2 sm:table-cell"
        title={times > 1 ? `${plural(times, 'call')} decided alike within that second` : undefined}
      >
        {formatCount(times)}
      </td>
    </tr>
  );
});
