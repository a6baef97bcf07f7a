import type { Budget } from '../api/budgets-contract.js';
import { formatShare, plural } from '../figures/counts.js';
import { accountWords, amountWords, exactAmount } from './budget-words.js';
import { Gauge } from './gauge.js';
import { levelOf } from './gauge-report.js';

/** The accounts of a budget for each of its own, the fullest first. */
export function Accounts({ budget }: { budget: Budget }) {
  const { accounts, account_count: count, scope, soft, name } = budget;
  if (count === 0)
    return <p className="text-[0.8125rem] text-ink-3">Nothing is spent in any account yet.</p>;
  const busy = accounts.filter(({ ratio }) => levelOf(ratio, soft) !== 'calm').length;
  return (
    <details className="text-[0.8125rem]">
      <summary className="w-fit font-medium text-accent-ink hover:underline">
        {plural(count, 'account')}
        {busy > 0 && `, ${busy} nearly used up or full`}
      </summary>
      <ul
        aria-label={`Accounts of ${name}, the fullest first`}
        className="mt-2 max-h-80 overflow-y-auto rounded-md border border-line"
        tabIndex={0}
      >
        {accounts.map((account) => (
          <li
            key={`${JSON.stringify(account.scope)} ${account.measure}`}
            className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-1 border-b border-line px-3 py-1.5 last:border-0 sm:grid-cols-[minmax(0,1fr)_6rem_auto]"
          >
            <span className="truncate" title={accountWords(account.scope, scope)}>
              {accountWords(account.scope, scope)}
            </span>
            <span className="order-last col-span-2 sm:order-none sm:col-span-1">
              <Gauge
                account={account}
                soft={soft}
                paused={budget.paused}
                slim
                label={accountWords(account.scope, scope)}
              />
            </span>
            <span
              className="figure text-right text-ink-2"
              title={`${exactAmount(account.measure, account.spent)} spent, ${exactAmount(account.measure, account.held)} held`}
            >
              {amountWords(account.measure, account.spent)}{' '}
              <span className="inline-block w-12 text-right text-ink-3">
                {formatShare(account.ratio)}
              </span>
            </span>
          </li>
        ))}
      </ul>
      {accounts.length < count && (
        <p className="mt-1.5 text-ink-3">
          The {accounts.length} fullest of {plural(count, 'account')}.
        </p>
      )}
    </details>
  );
}
