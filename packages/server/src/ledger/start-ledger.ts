import { join } from 'node:path';
import type { CallRow, Entry, JournalStatus } from '@farthing/core';
import { journalsDirectory } from '@farthing/journal';
import type { BookingBatch, JournalPosition, Store } from '../store/store.js';
import { bookBatch, type Booked } from './book-batch.js';
import { DamageRecord, type Damage } from './damage.js';
import { JournalTails } from './journal-tails.js';
import { PendingBatch } from './pending-batch.js';
import { Signal } from './signal.js';
import { DirectoryWatches } from './watch-journals.js';

export interface LedgerOptions {
  /** Journals lie in its folder `journals`, each in a folder of its own. */
  dataDirectory: string;
  store: Store;
  /**
   * Gets the rows of each transaction once it is committed, their entries, and where those and the journals'
   * readers stand. What it throws is ignored.
   */
  onBooked?: (rows: CallRow[], entries: Entry[], batch: BookingBatch) => void;
  /** Milliseconds since 1970; the default is the system's clock. */
  clock?: { now(): number };
  /** How often journals are looked at when the file system does not tell of changes. Default 100. */
  pollMilliseconds?: number;
  /** Shortest time between two bookings, so that busy journals are booked by the batch. Default 150. */
  gatherMilliseconds?: number;
  /** About how many journal lines one transaction takes at most. Default 8,000. */
  batchLines?: number;
}

export interface LedgerStatus {
  journals: JournalStatus[];
  /** Bytes not yet booked, and the age of the oldest of them in milliseconds (null when caught up). */
  lag: { bytes: number; oldest_ms: number | null };
  /** Why booking does not get on, for people; null when it does. */
  stuck: string | null;
  /** The latest damage found in journals, newest last; at most 100. */
  damage: readonly Damage[];
}

export interface Ledger {
  /** As of the last look at the journals. */
  status(): LedgerStatus;
  /** Resolves when all that the journals hold now is booked; rejects when that fails. */
  drain(): Promise<void>;
  /** Ends after the transaction that is under way. What is unbooked is booked at the next start. */
  stop(): Promise<void>;
}

/**
 * Starts booking the journals of a data directory into the store, each entry exactly once. How far
 * each journal has been read is committed together with its entries, so that a crash at any moment
 * neither loses nor repeats one; ids guard against the same entry in two places.
 */
export function startLedger(options: LedgerOptions): Ledger {
  return new RunningLedger(options);
}

/** Positions alone can wait: reading such lines again after a crash changes nothing. */
const positionsEveryMilliseconds = 2000;
const firstRetryMilliseconds = 100;
const longestRetryMilliseconds = 5000;

interface Drain {
  resolve: () => void;
  reject: (error: Error) => void;
}

class RunningLedger implements Ledger {
  readonly #store: Store;
  readonly #onBooked: NonNullable<LedgerOptions['onBooked']>;
  readonly #clock: { now(): number };
  readonly #pollMilliseconds: number;
  readonly #gatherMilliseconds: number;
  readonly #batchLines: number;
  readonly #root: string;
  readonly #damage: DamageRecord;
  readonly #signal = new Signal();
  readonly #watches = new DirectoryWatches(() => this.#signal.raise());
  readonly #running: Promise<void>;
  #tails: JournalTails | null = null;
  /** Read and not yet handed to the store. */
  #pending = new PendingBatch();
  /** Handed to the store and not yet taken. */
  #booking: PendingBatch | null = null;
  #drains: Drain[] = [];
  #stopping = false;
  #lastBooking = Number.NEGATIVE_INFINITY;
  #storeError: Error | null = null;
  #readErrors = new Map<string, Error>();

  constructor(options: LedgerOptions) {
    this.#store = options.store;
    this.#onBooked = options.onBooked ?? (() => undefined);
    this.#clock = options.clock ?? Date;
    this.#pollMilliseconds = options.pollMilliseconds ?? 100;
    this.#gatherMilliseconds = options.gatherMilliseconds ?? 150;
    this.#batchLines = options.batchLines ?? 8000;
    this.#root = journalsDirectory(options.dataDirectory);
    this.#damage = new DamageRecord(join(options.dataDirectory, 'journal-damage.jsonl'));
    this.#running = this.#run();
  }

  status(): LedgerStatus {
    const tails = this.#tails?.all ?? [];
    const bytes = tails.reduce((sum, tail) => sum + tail.unbookedBytes, 0);
    const oldest = this.#booking?.oldest ?? this.#pending.oldest;
    const stopped = tails.map((tail) => tail.stopped).find((reason) => reason !== null);
    const [readError] = this.#readErrors.values();
    return {
      journals: tails.map((tail) => tail.status(this.#damage.unreadableLines(tail.name))),
      lag: {
        bytes,
        oldest_ms: bytes === 0 || oldest === null ? null : Math.max(0, this.#clock.now() - oldest),
      },
      stuck: this.#storeError?.message ?? stopped ?? readError?.message ?? null,
      damage: this.#damage.latest,
    };
  }

  drain(): Promise<void> {
    if (this.#stopping) return Promise.reject(stoppedError());
    return new Promise((resolve, reject) => {
      this.#drains.push({ resolve, reject });
      this.#signal.raise();
    });
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#signal.raise();
    await this.#running;
    this.#watches.close();
    this.#settle(this.#drains.splice(0), stoppedError());
  }

  async #run(): Promise<void> {
    while (!this.#stopping) {
      const drains = this.#drains.splice(0);
      const failure = await this.#bookAll(drains);
      this.#settle(drains, failure);
      await this.#signal.wait(this.#drains.length > 0 ? 0 : this.#pollMilliseconds);
      await this.#gatherPause();
    }
  }

  /** Lets lines gather since the last booking, unless somebody waits for them. */
  async #gatherPause(): Promise<void> {
    for (;;) {
      const rest = this.#lastBooking + this.#gatherMilliseconds - performance.now();
      if (rest <= 0 || this.#stopping || this.#drains.length > 0) return;
      await this.#signal.wait(rest);
    }
  }

  /**
   * Reads and books all that is there; the next batch is read while the store books the one before.
   * Returns what kept it from doing so, or null.
   */
  async #bookAll(drains: Drain[]): Promise<Error | null> {
    let booking = Promise.resolve();
    let failure: Error | null = null;
    for (let more = true; more && !this.#stopping;) {
      try {
        more = await this.#read();
      } catch (error) {
        failure = this.#storeError = error as Error;
        break;
      }
      await booking;
      const { entries, isEmpty } = this.#pending;
      const restless =
        drains.length > 0 || performance.now() - this.#lastBooking >= positionsEveryMilliseconds;
      if (isEmpty || !(more || restless || entries.length > 0)) break;
      booking = this.#bookPending(drains);
    }
    await booking;
    if (this.#stopping) return stoppedError();
    const [readError] = this.#readErrors.values();
    return failure ?? readError ?? null;
  }

  /** Adds what the journals hold to the pending batch; true when there was more than fits. */
  async #read(): Promise<boolean> {
    if (this.#tails === null) {
      this.#tails = new JournalTails(this.#root, await this.#store.positions());
      this.#storeError = null;
    }
    for (const directory of await this.#tails.discover()) this.#watches.add(directory);
    let more = false;
    for (const tail of this.#tails.all) {
      const room = this.#batchLines - this.#pending.entries.length;
      if (room <= 0) return true;
      try {
        const reading = await tail.read(room);
        this.#readErrors.delete(tail.name);
        for (const damage of reading.damage) this.#report(damage);
        this.#pending.add(reading);
        more ||= reading.more;
      } catch (error) {
        const reason = `Journal ${tail.name} cannot be read: ${(error as Error).message}`;
        this.#readErrors.set(tail.name, new Error(reason, { cause: error }));
      }
    }
    return more;
  }

  /** Books the pending batch, again and again until the store takes it or the ledger is stopped. */
  async #bookPending(drains: Drain[]): Promise<void> {
    const pending = this.#pending;
    this.#pending = new PendingBatch();
    this.#booking = pending;
    const batch = { entries: pending.entries, positions: pending.positions };
    for (let pause = firstRetryMilliseconds; !this.#stopping;) {
      this.#lastBooking = performance.now();
      try {
        this.#booked(await bookBatch(this.#store, batch), batch.positions);
        return;
      } catch (error) {
        this.#storeError = error as Error;
        this.#settle([...drains.splice(0), ...this.#drains.splice(0)], error as Error);
      }
      const until = performance.now() + pause;
      while (!this.#stopping && performance.now() < until) {
        await this.#signal.wait(until - performance.now());
      }
      pause = Math.min(pause * 2, longestRetryMilliseconds);
    }
  }

  #booked({ rows, entries, sourced, refused }: Booked, positions: JournalPosition[]): void {
    for (const position of positions) this.#tails?.get(position.journal)?.booked(position);
    this.#booking = null;
    this.#storeError = null;
    for (const { sourced: line, reason } of refused) {
      this.#report({ kind: 'line', ...line.position, reason });
    }
    if (rows.length === 0) return;
    try {
      this.#onBooked(rows, entries, { entries: sourced, positions });
    } catch {
      // Whoever listens must not hold up the books.
    }
  }

  #report(damage: Damage): void {
    this.#damage.add(damage, new Date(this.#clock.now()));
  }

  #settle(drains: readonly Drain[], failure: Error | null): void {
    for (const drain of drains) {
      if (failure === null) drain.resolve();
      else drain.reject(failure);
    }
  }
}

function stoppedError(): Error {
  return new Error(
    'The ledger was stopped before all was booked; the next start goes on from there.',
  );
}
