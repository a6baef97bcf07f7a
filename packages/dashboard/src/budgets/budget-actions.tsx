import { useState } from 'react';
import { orderBudget, removeBudget, type Budget } from '../api/budgets-contract.js';
import { SmallButton } from '../controls/button.js';
import { ChangeDialog } from '../controls/dialog.js';
import { amountWords, windowWords } from './budget-words.js';
import { RaiseDialog } from './raise-dialog.js';

/** What an operator does with a budget. Each asks before it is done. */
export function BudgetActions({ budget }: { budget: Budget }) {
  const [asking, setAsking] = useState<'raise' | 'pause' | 'remove' | null>(null);
  const { name, paused, origin } = budget;
  const close = () => setAsking(null);
  const limited = Object.keys(budget.limit).length > 0;
  return (
    <div
      className="-ml-2.5 flex gap-1 xl:-mr-2.5 xl:ml-0 xl:justify-end"
      role="group"
      aria-label={`Budget ${name}`}
    >
      {limited && (
        <SmallButton quiet onClick={() => setAsking('raise')}>
          Raise
        </SmallButton>
      )}
      <SmallButton quiet onClick={() => setAsking('pause')}>
        {paused ? 'Resume' : 'Pause'}
      </SmallButton>
      <SmallButton quiet onClick={() => setAsking('remove')}>
        Remove
      </SmallButton>
      <RaiseDialog budget={budget} account={null} open={asking === 'raise'} onClose={close} />
      <ChangeDialog
        title={paused ? `Resume “${name}”?` : `Pause “${name}”?`}
        open={asking === 'pause'}
        onClose={close}
        confirm={paused ? 'Resume' : 'Pause'}
        work={() => orderBudget(name, paused ? 'resume' : 'pause')}
      >
        <p className="text-ink-2">
          {paused
            ? 'It refuses again what does not fit. What passed meanwhile was counted.'
            : 'It goes on counting, and neither warns nor refuses until it is resumed.'}
        </p>
      </ChangeDialog>
      <ChangeDialog
        title={`Remove “${name}”?`}
        open={asking === 'remove'}
        onClose={close}
        confirm="Remove"
        severe
        work={() => removeBudget(name)}
      >
        <p className="text-ink-2">
          Nothing limits these calls by this budget any more: {limitText(budget)}.{' '}
          {origin.from === 'config' &&
            'farthing.yaml still has it; the removal goes over it, until it is set again.'}
        </p>
      </ChangeDialog>
    </div>
  );
}

function limitText({ limit, window }: Budget): string {
  const amounts = Object.entries(limit).map(([measure, amount]) =>
    amountWords(measure as 'usd', amount),
  );
  return amounts.length === 0
    ? 'limits of single calls'
    : `${amounts.join(' and ')} ${windowWords(window)}`;
}
