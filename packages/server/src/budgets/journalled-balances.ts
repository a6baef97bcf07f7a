import {
  BudgetAccounts,
  identityOf,
  isCounted,
  takenAmounts,
  type Budget,
  type Entry,
  type LocalBalances,
} from '@farthing/core';
import type { BalanceStore } from './balance-store.js';
import { replaceFile } from '../files/replace-file.js';
import { balancesText, readBalances } from './balances-file.js';
import { BatchItems } from './batch-items.js';
import { budgetFiles, type BudgetLog } from './budget-files.js';
import { countJournals, isAfter, subjectOf } from './count-journals.js';
import { endOf, type Position } from './read-journals.js';

/** What balances must know of the journal that their gateway writes. */
export interface OwnJournal {
  readonly name: string;
  /** Lines accepted and not yet written. */
  readonly backlog: number;
}

export interface JournalledBalancesOptions {
  store: BalanceStore;
  dataDirectory: string;
  journal: OwnJournal;
  log: BudgetLog;
  now: () => number;
}

/** Ended calls that are remembered. With more lines waiting for a disk, nothing is written down. */
const mostEnded = 20_000;
/** A disk that takes no line within two seconds will not be waited for. */
const mostFlushTurns = 400;
/** Writing balances down may take one part in so many of the time. */
const shareOfTime = 50;
/** Until then lines of the journal that were accepted before are written. */
const flushMilliseconds = 300;

/**
 * Balances that agree with the journals of the data directory. They are kept on disk as a snapshot
 * together with the places in the journals that it is valid for. What stands behind those places is
 * counted again at a start, so that nothing is lost or counted twice, however the gateway ended. A
 * budget that is set while calls are made is counted from the journals, and each call once.
 */
export class JournalledBalances implements LocalBalances {
  readonly #options: JournalledBalancesOptions;
  readonly #path: string;
  /** Ids of ended calls, the latest last. */
  #ended: string[] = [];
  /** Items of batches that are counted: their results may be fetched again. */
  readonly #items = new BatchItems();
  #positions: Record<string, Position> = {};
  /** Counts definitions: a call is admitted under one of them. */
  #version = 0;
  /** Since which definition each budget is counted as calls are made, by identity. */
  #since = new Map<string, number>();
  /** Budgets whose past is counted. */
  readonly #covered = new Set<string>();
  /** For each counting of the past under way: calls that ended since it was asked for. */
  readonly #endedMeanwhile = new Set<Set<string>>();
  #accounts = new BudgetAccounts([]);
  #budgets: readonly Budget[] = [];
  /** One reading of journals at a time. */
  #work: Promise<unknown> = Promise.resolve();
  #changed = true;
  /** `performance.now()`: with very many accounts the balances are written less often. */
  #notBefore = Number.NEGATIVE_INFINITY;

  constructor(options: JournalledBalancesOptions) {
    this.#options = options;
    this.#path = budgetFiles(options.dataDirectory).balances(options.journal.name);
  }

  /** Takes up the balances where the last gateway left them. Before the first call. */
  async recover(budgets: readonly Budget[]): Promise<void> {
    const { store, dataDirectory, now, log, journal } = this.#options;
    // Calls that were open when the last gateway died are being booked: their lines must be there.
    for (let turn = 0; journal.backlog > 0 && turn < mostFlushTurns; turn++) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const known = readBalances(this.#path);
    const wanted = new Set(budgets.map(identityOf));
    const snapshot = known?.shared === store.isShared ? known : null;
    const covered = new Set((snapshot?.covers ?? []).filter((identity) => wanted.has(identity)));
    const taken = budgets.filter((budget) => covered.has(identityOf(budget)));
    if (snapshot !== null) {
      store.takeUp(snapshot, taken);
      for (const item of snapshot.items ?? []) this.#items.restore(item);
    }
    const ended = new Set(snapshot?.ended ?? []);
    this.#positions = await countJournals({
      dataDirectory,
      book: (name) => store.of(name),
      namespace: store.namespace,
      budgets,
      covered,
      positions: snapshot?.positions ?? {},
      known: ended,
      items: this.#items,
      now: now(),
    });
    this.#follow(budgets);
    for (const identity of wanted) this.#covered.add(identity);
    if (snapshot === null && budgets.length > 0) {
      log.info({ budgets: budgets.length }, 'balances of budgets are made from the journals');
    }
  }

  /**
   * The budgets are others from now on. The past of those that are new is counted from the journals,
   * beside the calls.
   */
  redefine(budgets: readonly Budget[]): Promise<void> {
    const fresh = budgets.filter((budget) => !this.#since.has(identityOf(budget)));
    const { store } = this.#options;
    store.keep(budgets.filter((one) => !fresh.includes(one)));
    this.#follow(budgets);
    if (fresh.length === 0) return Promise.resolve();
    const finishReading = store.beginReading(fresh);
    const meanwhile = new Set<string>();
    this.#endedMeanwhile.add(meanwhile);
    return this.#queue(async () => {
      await new Promise((resolve) => setTimeout(resolve, flushMilliseconds));
      await countJournals({
        dataDirectory: this.#options.dataDirectory,
        book: (name) => store.of(name),
        namespace: store.namespace,
        budgets: fresh,
        covered: new Set(),
        positions: {},
        // Calls that ended since are counted as they ended, and those of others by `#countOthers`.
        skip: (id) => meanwhile.has(id),
        until: ({ position }, journal) => {
          const place = this.#positions[journal];
          const isOwn = journal === this.#options.journal.name;
          return !isOwn && (place === undefined || isAfter(position, place));
        },
        now: this.#options.now(),
      }).finally(() => {
        this.#endedMeanwhile.delete(meanwhile);
        finishReading();
      });
      for (const budget of fresh) this.#covered.add(identityOf(budget));
      this.#changed = true;
    });
  }

  /** Names the budgets that hold now: what a call is admitted under. */
  get version(): number {
    return this.#version;
  }

  /**
   * Remembers that a call is counted, and counts it for budgets that came while it ran.
   * @param version the one that it was admitted under
   */
  ended(entry: Entry, at: number, version: number): void {
    this.#changed = true;
    this.#ended.push(entry.id);
    if (this.#ended.length > 2 * mostEnded) this.#ended = this.#ended.slice(-mostEnded);
    for (const ids of this.#endedMeanwhile) ids.add(entry.id);
    if (version === this.#version) return;
    for (const { budget, accounts } of this.#accounts.claims(subjectOf(entry))) {
      if ((this.#since.get(identityOf(budget)) ?? 0) <= version) continue;
      const taken = takenAmounts(entry, null);
      for (const account of accounts) {
        this.#options.store.live.restore(account, taken[account.measure], at);
      }
    }
  }

  /** Counts an item of a batch's results, once, in the time that it is of. */
  booked(entry: Entry): void {
    if (this.#items.has(entry.id) || !isCounted(entry)) return;
    this.#items.add(entry.id);
    this.#changed = true;
    this.#ended.push(entry.id);
    for (const ids of this.#endedMeanwhile) ids.add(entry.id);
    const taken = takenAmounts(entry, null);
    const at = Date.parse(entry.started_at);
    for (const { accounts } of this.#accounts.claims(subjectOf(entry))) {
      for (const account of accounts) {
        this.#options.store.live.restore(account, taken[account.measure], at);
      }
    }
  }

  /** Says that a call was admitted, so that what it holds is seen. */
  touch(): void {
    this.#changed = true;
  }

  /**
   * Books expired holds, counts what other gateways of this data directory took, and writes the
   * balances down if they changed. About every two seconds; at the end `atOnce`.
   */
  async maintain({ atOnce = false }: { atOnce?: boolean } = {}): Promise<void> {
    const now = this.#options.now();
    if (this.#options.store.tidy(now)) this.#changed = true;
    if (this.#budgets.length > 0) await this.#queue(() => this.#countOthers());
    if (!this.#changed || this.#budgets.length === 0) return;
    if (this.#options.journal.backlog > mostEnded) return;
    const begun = performance.now();
    if (!atOnce && begun < this.#notBefore) return;
    this.#changed = false;
    const text = this.#snapshotText();
    this.#notBefore = begun + shareOfTime * (performance.now() - begun);
    await replaceFile(this.#path, text).catch((error: unknown) => {
      this.#changed = true;
      throw error;
    });
  }

  #follow(budgets: readonly Budget[]): void {
    this.#version += 1;
    this.#budgets = budgets;
    this.#accounts = new BudgetAccounts(budgets);
    const before = this.#since;
    this.#since = new Map();
    for (const budget of budgets) {
      const identity = identityOf(budget);
      this.#since.set(identity, before.get(identity) ?? this.#version);
    }
    for (const identity of this.#covered) {
      if (!this.#since.has(identity)) this.#covered.delete(identity);
    }
  }

  /** Entries of other journals: of gateways beside this one, of apps that report their own calls. */
  async #countOthers(): Promise<void> {
    const { store, dataDirectory, journal, now } = this.#options;
    const reached = await countJournals({
      dataDirectory,
      book: (name) => store.of(name),
      namespace: store.namespace,
      // Whose past is still to be counted gets this then.
      budgets: this.#budgets.filter((budget) => this.#covered.has(identityOf(budget))),
      covered: this.#covered,
      positions: this.#positions,
      without: journal.name,
      items: this.#items,
      now: now(),
    });
    for (const [name, position] of Object.entries(reached)) {
      const before = this.#positions[name];
      if (before !== undefined && !isAfter(position, before)) continue;
      this.#positions[name] = position;
      this.#changed = true;
    }
  }

  /** State and place are taken in one breath: what is not written by now is among the ended calls. */
  #snapshotText(): string {
    const { store, dataDirectory, journal, now } = this.#options;
    const own = endOf(dataDirectory, journal.name);
    return balancesText({
      writtenAt: new Date(now()).toISOString(),
      pid: process.pid,
      shared: store.isShared,
      positions: own === null ? this.#positions : { ...this.#positions, [journal.name]: own },
      ended: journal.backlog === 0 ? [] : this.#ended.slice(-journal.backlog),
      covers: [...this.#covered],
      ...(this.#items.size === 0 ? {} : { items: [...this.#items] }),
      ...store.stored(now()),
    });
  }

  #queue<Result>(work: () => Promise<Result>): Promise<Result> {
    const next = this.#work.then(work, work);
    this.#work = next.catch(() => {});
    return next;
  }
}
