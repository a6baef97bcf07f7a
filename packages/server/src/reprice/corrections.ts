import { randomUUID } from 'node:crypto';
import {
  FarthingError,
  formatUsd,
  parseUsd,
  statedAmount,
  type Closing,
  type Entry,
  type RepriceSummary,
  type Restatement,
  type StatedAmount,
} from '@farthing/core';
import { closeMonth, type CloseRequest } from './close-month.js';
import { readClosings } from './closings-file.js';
import type { BooksToCorrect, Price, WalkProgress } from './ports.js';
import { reprice, type RepriceRequest } from './reprice.js';
import { restateMonth } from './restate-month.js';

/** What corrects the books and closes them. One thing after another: nothing moves during a closing. */
export interface Corrections {
  reprice(
    request: RepriceRequest,
    onProgress?: (progress: WalkProgress) => void,
  ): Promise<RepriceSummary>;
  /** Books an amount that belongs to no single call. Throws `invalid_amount`. */
  state(amount: Omit<StatedAmount, 'recorded_at'>): Promise<Entry>;
  close(request: CloseRequest): Promise<Closing>;
  closings(): Promise<Closing[]>;
  restatement(month: string): Promise<Restatement>;
}

export function openCorrections(books: BooksToCorrect, price: Price): Corrections {
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  };
  return {
    reprice: (request, onProgress) => inTurn(() => reprice(request, price, books, onProgress)),
    state: (amount) =>
      inTurn(async () => {
        const usd = formatUsd(parseUsd(amount.usd));
        if (usd === '0') {
          throw new FarthingError('invalid_amount', 'An amount of 0 adjusts nothing.');
        }
        const recordedAt = books.now().toISOString();
        const entry = statedAmount({ ...amount, usd, recorded_at: recordedAt }, randomUUID());
        await books.appendEntries([entry]);
        await books.bookAll();
        return entry;
      }),
    close: (request) => inTurn(() => closeMonth(request, books)),
    closings: () => readClosings(books.dataDirectory),
    restatement: (month) => inTurn(() => restateMonth(month, books)),
  };
}
