import type { BudgetOutlook } from '@farthing/core';
import type { Account, Budget } from '../api/budgets-contract.js';

/** The outlook of this account among those of all budgets; null where there is none. */
export function outlookOf(
  outlooks: readonly BudgetOutlook[],
  { name, window }: Pick<Budget, 'name' | 'window'>,
  { scope, measure }: Pick<Account, 'scope' | 'measure'>,
): BudgetOutlook | null {
  const found = outlooks.find(
    (outlook) =>
      outlook.budget === name &&
      outlook.window === window &&
      outlook.measure === measure &&
      isSame(outlook.scope, scope),
  );
  return found ?? null;
}

function isSame(one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>) {
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length && names.every((name) => one[name] === other[name])
  );
}

/** How much of the gauge is expected to be filled when it resets: nothing where it never does. */
export function expectedShare(outlook: BudgetOutlook | null): number | null {
  if (outlook === null) return null;
  if (outlook.outlook === 'runs_out') return outlook.before_reset_ms === null ? null : 1;
  if (outlook.at_reset === null) return null;
  const limit = Number(outlook.limit);
  return limit > 0 ? Math.min(1, Number(outlook.at_reset) / limit) : null;
}
