import { countedSpan } from './budget-window.js';
import type { Budget } from './budget.js';
import type { AccountBalance } from './escrow.js';

/** What keeps a call from going, before any action is taken. */
export interface Refusing {
  budget: Budget;
  /** The account that had too little; null when the call is over the cap for one call. */
  denial: AccountBalance | null;
  overCap: boolean;
  /** The balance could not be asked: cheaper calls would be refused as well. */
  unavailable: boolean;
}

/** Balances that cannot be asked are usually back within seconds. */
export const unavailableRetrySeconds = 2;

export function refusalMessage({ name }: Budget, overCap: boolean, unavailable: boolean): string {
  if (unavailable) return `The balance of budget "${name}" cannot be read at the moment.`;
  return overCap
    ? `This call is expected to take more than budget "${name}" allows for one call.`
    : `Budget "${name}" does not have enough left for this call.`;
}

export function secondsToReset({ account }: AccountBalance, at: number): number | null {
  const { resetsAt } = countedSpan(account.window, at);
  return Number.isFinite(resetsAt) ? Math.max(1, Math.ceil((resetsAt - at) / 1_000)) : null;
}
