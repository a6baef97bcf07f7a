import { useState } from 'react';
import type { Account, Budget } from '../api/budgets-contract.js';
import { Badge } from '../controls/badge.js';
import { SmallButton } from '../controls/button.js';
import { formatShare, plural } from '../figures/counts.js';
import { accountWords, amountWords, exactAmount } from './budget-words.js';
import { Gauge } from './gauge.js';
import { levelOf } from './gauge-report.js';
import { RaiseDialog } from './raise-dialog.js';

/** The accounts of a budget for each of its own, the fullest first. */
export function Accounts({ budget }: { budget: Budget }) {
  const { accounts, account_count: count, soft, name } = budget;
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
          <Line
            key={`${JSON.stringify(account.scope)} ${account.measure}`}
            budget={budget}
            account={account}
          />
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

function Line({ budget, account }: { budget: Budget; account: Account }) {
  const [raising, setRaising] = useState(false);
  const { scope, measure, spent, held, limit, ratio } = account;
  const name = accountWords(scope, budget.scope);
  const raised = budget.raised_accounts.find((each) => isSame(each.scope, scope));
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-1 border-b border-line py-1 pr-1 pl-3 last:border-0 sm:grid-cols-[minmax(0,1fr)_6rem_9.5rem_auto]">
      <span className="flex min-w-0 items-center gap-2" title={name}>
        <span className="truncate">{name}</span>
        {raised !== undefined && (
          <Badge tone="good" title={`by ${raised.by}, to ${amountWords(measure, limit)}`}>
            Raised
          </Badge>
        )}
      </span>
      <span className="order-last col-span-2 pr-2 pb-1 sm:order-none sm:col-span-1 sm:p-0">
        <Gauge account={account} soft={budget.soft} paused={budget.paused} slim label={name} />
      </span>
      <span
        className="figure hidden text-right text-ink-2 sm:inline"
        title={`${exactAmount(measure, spent)} spent, ${exactAmount(measure, held)} held of ${exactAmount(measure, limit)}`}
      >
        {amountWords(measure, spent)}{' '}
        <span className="inline-block w-12 text-right text-ink-3">{formatShare(ratio)}</span>
      </span>
      <SmallButton quiet onClick={() => setRaising(true)} aria-label={`Raise ${name}`}>
        <span className="figure sm:hidden">{formatShare(ratio)} · </span>Raise
      </SmallButton>
      <RaiseDialog
        budget={budget}
        account={account}
        open={raising}
        onClose={() => setRaising(false)}
      />
    </li>
  );
}

const isSame = (one: Record<string, string>, other: Record<string, string>) =>
  Object.keys(one).length === Object.keys(other).length &&
  Object.entries(one).every(([name, value]) => other[name] === value);
