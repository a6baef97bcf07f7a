import type { BudgetLedger, UnavailablePolicy } from '@farthing/core';

/** Where balances of budgets stand, in place of this process's memory. */
export interface Balances {
  /**
   * Names whose balances these are. Calls that count there carry it in the custom tag
   * `shared_budgets`: a gateway of that name which reads their entries does not count them again.
   */
  readonly namespace: string;
  /** @param unavailable what holds for a budget while the balances cannot be reached */
  open(unavailable: (budget: string) => UnavailablePolicy): BudgetLedger;
  /** Hands back what no running call needs. */
  close(): Promise<void>;
}
