import type { BudgetMeasure } from '@farthing/core';
import { raiseBudget, type Account, type Budget, type Limits } from '../api/budgets-contract.js';
import { ChangeDialog } from '../controls/dialog.js';
import { TextField } from '../controls/fields.js';
import { accountWords, amountWords, isForEach, isRolling } from './budget-words.js';

const labels: Record<BudgetMeasure, string> = {
  usd: 'By how much more, in USD',
  tokens: 'By how many more tokens',
  calls: 'By how many more calls',
};

const measuresOf = ({ limit }: Budget) => Object.keys(limit) as BudgetMeasure[];

/** More for what is left of the window: of all accounts of a budget, or of one alone. */
export function RaiseDialog({
  budget,
  account,
  open,
  onClose,
}: {
  budget: Budget;
  account: Account | null;
  open: boolean;
  onClose: () => void;
}) {
  const whose = account === null ? '' : ` for ${accountWords(account.scope, budget.scope)}`;
  const measures = account === null ? measuresOf(budget) : [account.measure];
  return (
    <ChangeDialog
      title={`Raise “${budget.name}”${whose} for this window`}
      open={open}
      onClose={onClose}
      confirm="Raise"
      work={(form) => raiseBudget(budget.name, readRaise(form, measures), account?.scope ?? null)}
    >
      {measures.map((measure, index) => (
        <TextField
          key={measure}
          name={measure}
          label={labels[measure]}
          inputMode={measure === 'usd' ? 'decimal' : 'numeric'}
          autoFocus={index === 0}
          hint={`The limit is ${amountWords(measure, account?.limit ?? budget.limit[measure]!)} now.`}
        />
      ))}
      <p className="text-[0.8125rem] text-ink-3">
        {account === null && isForEach(budget) && 'Each of its accounts gets so much more. '}
        {raiseEnd(budget)}
      </p>
    </ChangeDialog>
  );
}

/** What the form holds; the control plane says what is wrong with it. */
function readRaise(form: FormData, measures: readonly BudgetMeasure[]): Limits {
  const add: Limits = {};
  for (const measure of measures) {
    const stated = String(form.get(measure) ?? '').trim();
    if (stated === '') continue;
    if (measure === 'usd') add.usd = stated.replace(/^\$/, '');
    else add[measure] = Number(stated.replaceAll(/[ ,_]/g, ''));
  }
  return add;
}

function raiseEnd({ window, resets_at: at }: Budget): string {
  if (isRolling(window)) return 'It holds for the length of one window.';
  if (at === null) return 'A budget in total has no end: the raise stays.';
  return `It holds until the window ends, ${at.slice(0, 16).replace('T', ' ')} UTC; then the limit is as before.`;
}
