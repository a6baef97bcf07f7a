import type { AccountReference, AccountState, Budget } from '@farthing/core';
import type { RecordedAccount } from './balances-file.js';

/** Where amounts are added that are known to have been spent. */
export interface Book<Account = Pick<AccountReference, 'key' | 'window'>> {
  /** @param at the beginning of the call, milliseconds since the epoch */
  restore(account: Account, amount: bigint, at: number): void;
}

/** What a snapshot has of balances. */
export interface StoredBalances {
  accounts: readonly AccountState[];
  recorded?: readonly RecordedAccount[] | undefined;
}

/** Keeps the balances that are made from journals and calls: in this process, or shared with others. */
export interface BalanceStore {
  readonly isShared: boolean;
  /** Whose balances they are where they are shared. */
  readonly namespace?: string;
  /** For what stands in a journal. */
  of(journal: string): Book;
  /** For what calls of this gateway took without having been held. */
  readonly live: Book<AccountReference>;
  /** Takes over what a snapshot has of these budgets. */
  takeUp(stored: StoredBalances, budgets: readonly Budget[]): void;
  /** Only these budgets go on as they were. */
  keep(budgets: readonly Budget[]): void;
  /** Journals are about to be read for these budgets, from their beginning. Returns what to call after that. */
  beginReading(budgets: readonly Budget[]): () => void;
  /** Ends what has expired, and forgets what does not count any more. True when balances changed. */
  tidy(now: number): boolean;
  stored(now: number): StoredBalances;
}

/** The budget that an account is of. */
export function budgetNameOf(accountKey: string): string {
  return accountKey.slice(0, accountKey.indexOf('\u001f'));
}
