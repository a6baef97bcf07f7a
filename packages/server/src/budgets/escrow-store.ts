import { Escrow, startOfPart, type AccountState, type Budget } from '@farthing/core';
import { budgetNameOf, type BalanceStore, type StoredBalances } from './balance-store.js';

/** Balances of one gateway: an escrow in its memory. */
export class EscrowStore implements BalanceStore {
  readonly isShared = false;
  readonly escrow = new Escrow();
  readonly live = this.escrow;

  of(): Escrow {
    return this.escrow;
  }

  takeUp({ accounts }: StoredBalances, budgets: readonly Budget[]): void {
    restoreAccounts(this.escrow, accounts, budgets);
  }

  keep(budgets: readonly Budget[]): void {
    // One that was removed and comes back, or counts something else now, is counted from the journals
    // as a new one is: what it had would come on top.
    const names = new Set(budgets.map(({ name }) => name));
    this.escrow.forget((key) => !names.has(budgetNameOf(key)));
  }

  beginReading(): () => void {
    return () => {};
  }

  tidy(now: number): boolean {
    const expired = this.escrow.expire(now);
    this.escrow.prune(now);
    return expired > 0;
  }

  stored(): StoredBalances {
    return { accounts: [...this.escrow.accounts()] };
  }
}

/** Takes over the accounts of these budgets, as far as they were spent. */
export function restoreAccounts(
  escrow: Escrow,
  accounts: readonly AccountState[],
  budgets: readonly Budget[],
): void {
  const names = new Set(budgets.map(({ name }) => name));
  for (const { key, window, parts } of accounts) {
    if (!names.has(budgetNameOf(key))) continue;
    for (const { part, committed } of parts) {
      if (committed === 0n) continue;
      escrow.restore({ key, window }, committed, startOfPart(window, part));
    }
  }
}
