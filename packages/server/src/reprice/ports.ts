import type { Cost, Entry, PriceRequest } from '@farthing/core';
import type { Store } from '../store/store.js';

/** Prices a call: `PriceBook.price`, or that of a book which is kept current. */
export type Price = (request: PriceRequest) => Cost;

/** The books that are walked. */
export interface BooksToWalk {
  dataDirectory: string;
  store: Store;
  /** Whose prices hold for the provider that an entry names: its `price_as`, or itself. */
  priceAs: (provider: string) => string;
  /** Aborting ends the walk between two batches. */
  signal?: AbortSignal;
}

/** What a booked correction needs. */
export interface BooksToCorrect extends BooksToWalk {
  /** Resolves when the entries are on stable storage in a journal. */
  appendEntries: (entries: Entry[]) => Promise<void>;
  /** Books everything that the journals hold and resolves when nothing is left. */
  bookAll: () => Promise<void>;
  now: () => Date;
}

/** How far a walk has come. */
export interface WalkProgress {
  examined: number;
  changed: number;
  /** Calls of the window in the books: about how many there are to examine. */
  total: number;
}
