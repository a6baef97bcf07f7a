import {
  BudgetAccounts,
  countedSpan,
  identityOf,
  isCounted,
  takenAmounts,
  type Budget,
  type BudgetSubject,
  type Entry,
} from '@farthing/core';
import type { Book } from './balance-store.js';
import { isBatchItem, type BatchItems } from './batch-items.js';
import { journalNames, readEntries, type FoundEntry, type Position } from './read-journals.js';

/** What a scope can ask of a call that is on record. The name of its key stands in the custom tag `key`. */
export function subjectOf({ tags, provider, model, model_requested }: Entry): BudgetSubject {
  return { tags, provider, model: model_requested ?? model, key: tags.custom?.['key'] };
}

export interface CountOptions {
  dataDirectory: string;
  /** Where the entries of a journal are added. */
  book: (journal: string) => Book;
  budgets: readonly Budget[];
  /** By identity: budgets whose balances hold already what stands before `positions`. */
  covered: ReadonlySet<string>;
  /** Where counting of covered budgets begins, by journal. */
  positions: Readonly<Record<string, Position>>;
  /** Calls that are in the balances of covered budgets already, wherever they stand. */
  known?: ReadonlySet<string>;
  /** Items of batches that are in the balances of covered budgets; those that are added come to them. */
  items?: BatchItems;
  /** Calls that are left out. */
  skip?: (id: string) => boolean;
  /** Journals that are left out. */
  without?: string;
  /** Whether counting of a journal ends before this entry. */
  until?: (found: FoundEntry, journal: string) => boolean;
  /** Whose shared balances these are: calls of apps that count there themselves are left out. */
  namespace?: string | undefined;
  /** Milliseconds since the epoch. */
  now: number;
}

/**
 * Adds what the journals hold to the balances: for budgets whose balances are known up to a place what
 * stands behind it, for all others what counts in their windows. Returns the places it came to.
 */
export async function countJournals(options: CountOptions): Promise<Record<string, Position>> {
  const { dataDirectory, budgets, covered, positions, now } = options;
  const fresh = budgets.filter((budget) => !covered.has(identityOf(budget)));
  const claimsOfAll = new BudgetAccounts(budgets);
  const claimsOfFresh = new BudgetAccounts(fresh);
  const reached: Record<string, Position> = {};
  const repeated = new Set<string>();
  for (const journal of await journalNames(dataDirectory)) {
    if (journal === options.without) continue;
    const book = options.book(journal);
    const known = positions[journal];
    const isTakenUp = known !== undefined && fresh.length === 0;
    const begin = isTakenUp ? known : undefined;
    // A journal that no balance knows is read as far back as any window reaches.
    const oldest = isTakenUp
      ? Number.NEGATIVE_INFINITY
      : known === undefined
        ? oldestStart(budgets, now)
        : oldestStart(fresh, now);
    reached[journal] = known ?? { segment: 0, offset: 0 };
    for await (const found of readEntries(dataDirectory, journal, begin, oldest)) {
      if (options.until?.(found, journal) === true) break;
      const isBehind = known === undefined || isAfter(found.position, known);
      if (isBehind) reached[journal] = found.position;
      const { entry } = found;
      if (!isCounted(entry, options.namespace) || options.skip?.(entry.id) === true) continue;
      const isItem = isBatchItem(entry.id);
      // The same results were fetched again: they are booked once, and count once.
      if (isItem && repeated.has(entry.id)) continue;
      if (isItem) repeated.add(entry.id);
      const isKnown =
        options.known?.has(entry.id) === true || options.items?.has(entry.id) === true;
      const isNew = isBehind && !isKnown;
      if (isNew && isItem) options.items?.add(entry.id);
      const claims = isNew ? claimsOfAll : claimsOfFresh;
      addEntry(book, claims, entry);
    }
  }
  return reached;
}

/** Counts one call that is on record, in the time of its beginning. */
export function addEntry(book: Book, accounts: BudgetAccounts, entry: Entry): void {
  const claims = accounts.claims(subjectOf(entry));
  if (claims.length === 0) return;
  const at = Date.parse(entry.started_at);
  const taken = takenAmounts(entry, null);
  for (const { accounts: list } of claims) {
    for (const account of list) book.restore(account, taken[account.measure], at);
  }
}

export function isAfter(one: Position, other: Position): boolean {
  return one.segment === other.segment ? one.offset > other.offset : one.segment > other.segment;
}

/** What was last written to before the oldest window began holds nothing that counts. */
function oldestStart(budgets: readonly Budget[], now: number): number {
  return budgets
    .map(({ window }) => countedSpan(window, now).from)
    .reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
}
