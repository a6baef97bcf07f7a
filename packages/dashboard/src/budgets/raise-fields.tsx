import type { BudgetMeasure } from '@farthing/core';
import type { Budget, Limits } from '../api/budgets-contract.js';
import { TextField } from '../controls/fields.js';
import { amountWords } from './budget-words.js';

const labels: Record<BudgetMeasure, string> = {
  usd: 'By how much more, in USD',
  tokens: 'By how many more tokens',
  calls: 'By how many more calls',
};

const measuresOf = ({ limit }: Budget) => Object.keys(limit) as BudgetMeasure[];

/** An amount for each measure that the budget limits. */
export function RaiseFields({ budget }: { budget: Budget }) {
  return (
    <>
      {measuresOf(budget).map((measure, index) => (
        <TextField
          key={measure}
          name={measure}
          label={labels[measure]}
          inputMode={measure === 'usd' ? 'decimal' : 'numeric'}
          autoFocus={index === 0}
          hint={`Its limit is ${amountWords(measure, budget.limit[measure]!)} now.`}
        />
      ))}
    </>
  );
}

/** What the form holds; the control plane says what is wrong with it. */
export function readRaise(form: FormData, budget: Budget): Limits {
  const add: Limits = {};
  for (const measure of measuresOf(budget)) {
    const stated = String(form.get(measure) ?? '').trim();
    if (stated === '') continue;
    if (measure === 'usd') add.usd = stated.replace(/^\$/, '');
    else add[measure] = Number(stated.replaceAll(/[ ,_]/g, ''));
  }
  return add;
}
