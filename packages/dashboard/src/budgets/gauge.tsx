import type { Account } from '../api/budgets-contract.js';
import { formatShare } from '../figures/counts.js';
import { amountWords } from './budget-words.js';
import { gaugeParts, levelOf, type Level } from './gauge-report.js';

const fills: Record<Level, string> = { calm: 'bg-accent', soft: 'bg-warn', full: 'bg-bad' };
const inks: Record<Level, string> = { calm: 'text-accent', soft: 'text-warn', full: 'text-bad' };

/**
 * Spent and held of a limit, with the line from which on it warns and, faintly, what is
 * expected until it resets. Held is hatched: it is taken, but not spent.
 */
export function Gauge({
  account,
  soft,
  label,
  expectedShare = null,
  paused = false,
  slim = false,
}: {
  account: Account;
  /** From which share on it warns; a gauge of one call has none. */
  soft?: number;
  /** What a screen reader hears before the figures. */
  label: string;
  /** What is expected to be taken when it resets, as a share of the limit. */
  expectedShare?: number | null;
  paused?: boolean;
  slim?: boolean;
}) {
  const { spent, held } = gaugeParts(account);
  const level = paused ? 'calm' : levelOf(account.ratio, soft ?? 1);
  const reach = expectedShare === null ? 0 : Math.min(1, expectedShare);
  const percent = (share: number) => `${(share * 100).toFixed(3)}%`;
  return (
    <div
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.min(100, Math.round(account.ratio * 100))}
      aria-valuetext={spoken(account)}
      className={`relative w-full ${slim ? 'h-1.5' : 'h-3'} ${paused ? 'opacity-50' : ''}`}
    >
      <div className="absolute inset-0 overflow-hidden rounded-full bg-line">
        {reach > spent + held && (
          <span
            className={`absolute inset-y-0 left-0 opacity-20 ${fills[level]}`}
            style={{ width: percent(reach) }}
          />
        )}
        <span
          className={`absolute inset-y-0 left-0 ${fills[level]}`}
          style={{ width: spent > 0 ? `max(3px, ${percent(spent)})` : 0 }}
        />
        {held > 0 && (
          <span
            className={`hatched absolute inset-y-0 ${inks[level]}`}
            style={{ left: percent(spent), width: `max(2px, ${percent(held)})` }}
          />
        )}
      </div>
      {soft !== undefined && soft < 1 && !slim && (
        <span
          title={`Warns from ${formatShare(soft)} on`}
          className="absolute -inset-y-[3px] w-0.5 rounded-full bg-ink-3 ring-2 ring-surface"
          style={{ left: `calc(${percent(soft)} - 1px)` }}
        />
      )}
    </div>
  );
}

function spoken({ measure, spent, held, limit, ratio }: Account): string {
  const holding = Number(held) > 0 ? ` and ${amountWords(measure, held)} held` : '';
  return `${amountWords(measure, spent)} spent${holding} of ${amountWords(measure, limit)}, ${formatShare(ratio)}`;
}
