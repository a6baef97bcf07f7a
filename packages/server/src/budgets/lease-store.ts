import {
  countedParts,
  partAt,
  windowName,
  type AccountReference,
  type Budget,
  type BudgetWindow,
  type LeasedLedger,
  type RecordedSpending,
} from '@farthing/core';
import {
  budgetNameOf,
  type BalanceStore,
  type Book,
  type StoredBalances,
} from './balance-store.js';
import type { RecordedAccount } from './balances-file.js';

export interface LeaseStoreOptions {
  /** Names a journal of this data directory among those of all gateways. */
  sourceOf: (journal: string) => string;
  /** The journal that this gateway writes. */
  journal: string;
  /** Whose balances these are. Default `default`. */
  namespace?: string | undefined;
  /** The ledger, which asks `recorded` in turn. */
  ledger: () => LeasedLedger;
}

interface Recorded {
  window: BudgetWindow;
  /** part → source → amount */
  parts: Map<number, Map<string, bigint>>;
}

/**
 * Balances that stand in Redis: what this gateway adds is what the journals of its data directory
 * hold. Every figure is the whole of a journal, so that it counts once, however many gateways state it.
 */
export class LeaseStore implements BalanceStore {
  readonly isShared = true;
  readonly namespace: string;
  readonly #options: LeaseStoreOptions;
  /** By account key. Of the own journal: from before its gateway began to count. */
  readonly #recorded = new Map<string, Recorded>();
  /** Budgets whose journals are being read. */
  readonly #reading = new Set<Budget>();
  /** How much the ledger had heard of others when balances were last looked over. */
  #heard = 0;
  readonly live: Book<AccountReference> = {
    restore: (account, amount, at) => this.#options.ledger().count(account, amount, at),
  };

  constructor(options: LeaseStoreOptions) {
    this.#options = options;
    this.namespace = options.namespace ?? 'default';
  }

  of(journal: string): Book {
    const source = this.#options.sourceOf(journal);
    const isOwn = journal === this.#options.journal;
    return {
      restore: ({ key, window }, amount, at) => {
        const part = partAt(window, at);
        const spent = this.#add(key, window, part, source, amount);
        if (!isOwn) this.#options.ledger().floor(key, part, { source, spent });
      },
    };
  }

  /** What is on record of an account; null while its journals are being read. */
  recorded({ key, window }: AccountReference): RecordedSpending[] | null {
    for (const budget of this.#reading) if (isOf(key, window, budget)) return null;
    const parts = this.#recorded.get(key)?.parts;
    if (parts === undefined) return [];
    const own = this.#options.sourceOf(this.#options.journal);
    return [...parts].map(([part, sources]) => ({
      part,
      own: sources.get(own) ?? 0n,
      others: [...sources]
        .filter(([source]) => source !== own)
        .map(([source, spent]) => ({ source, spent })),
    }));
  }

  takeUp({ recorded = [] }: StoredBalances, budgets: readonly Budget[]): void {
    for (const { key, window, parts } of recorded) {
      if (!budgets.some((budget) => isOf(key, window, budget))) continue;
      for (const { part, spent } of parts) {
        for (const [source, amount] of spent) this.#add(key, window, part, source, amount);
      }
    }
  }

  keep(): void {
    // What calls took in the meantime is in Redis, and read again when the budget comes back.
  }

  beginReading(budgets: readonly Budget[]): () => void {
    const isMeant = (key: string, window: BudgetWindow) =>
      budgets.some((budget) => isOf(key, window, budget));
    for (const [key, { window }] of this.#recorded) {
      if (isMeant(key, window)) this.#recorded.delete(key);
    }
    for (const budget of budgets) this.#reading.add(budget);
    const finish = this.#options.ledger().beginReading(({ key, window }) => isMeant(key, window));
    return () => {
      for (const budget of budgets) this.#reading.delete(budget);
      finish();
    };
  }

  tidy(now: number): boolean {
    for (const [key, { window, parts }] of this.#recorded) {
      // Two windows, as the ledger has it: clocks differ, and late calls come.
      const first = partAt(window, now) - 2 * countedParts(window);
      for (const part of parts.keys()) if (part < first) parts.delete(part);
      if (parts.size === 0) this.#recorded.delete(key);
    }
    // Others spend too: what is shown of an idle gateway's budgets must not stay as it was.
    const { heard } = this.#options.ledger();
    const isNews = heard !== this.#heard;
    this.#heard = heard;
    return isNews;
  }

  stored(now: number): StoredBalances {
    const ledger = this.#options.ledger();
    const own = this.#options.sourceOf(this.#options.journal);
    const all = new Map<string, RecordedAccount>();
    const spentOf = (key: string, window: BudgetWindow, part: number) => {
      let account = all.get(key);
      if (account === undefined) all.set(key, (account = { key, window, parts: [] }));
      let known = account.parts.find((one) => one.part === part);
      if (known === undefined) account.parts.push((known = { part, spent: new Map() }));
      return known.spent;
    };
    for (const [key, { window, parts }] of this.#recorded) {
      for (const [part, sources] of parts) {
        const spent = spentOf(key, window, part);
        for (const [source, amount] of sources) spent.set(source, amount);
      }
    }
    // Where calls were made since, the ledger has what the journal held and those.
    for (const { account, part, spent } of ledger.spending()) {
      if (spent !== 0n) spentOf(account.key, account.window, part).set(own, spent);
    }
    return { accounts: [...ledger.accounts(now)], recorded: [...all.values()] };
  }

  #add(key: string, window: BudgetWindow, part: number, source: string, amount: bigint): bigint {
    let account = this.#recorded.get(key);
    if (account === undefined) this.#recorded.set(key, (account = { window, parts: new Map() }));
    let sources = account.parts.get(part);
    if (sources === undefined) account.parts.set(part, (sources = new Map()));
    const sum = (sources.get(source) ?? 0n) + amount;
    sources.set(source, sum);
    return sum;
  }
}

function isOf(key: string, window: BudgetWindow, budget: Budget): boolean {
  return budgetNameOf(key) === budget.name && windowName(window) === windowName(budget.window);
}
