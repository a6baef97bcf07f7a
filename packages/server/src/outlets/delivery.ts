import { setTimeout as sleep } from 'node:timers/promises';
import { journalsDirectory } from '@farthing/journal';
import { within } from '../delivery/within.js';
import { bookedLines, hasReached, JournalTails, type TailReading } from '../ledger/index.js';
import type { JournalPosition, SourcedEntry, Store } from '../store/store.js';
import { mostEntries, OutletRefused, type Outlet } from './outlet.js';
import { readPlace, writePlace, type OutletPlace } from './place.js';

export interface DeliveryOptions {
  name: string;
  type: string;
  dataDirectory: string;
  /** Where it keeps how far it has got. */
  placeFile: string;
  /** Whether an outlet that is new gets what was booked before it. */
  from: 'beginning' | 'now';
  store: Pick<Store, 'locate' | 'positions'>;
  open(): Promise<Outlet>;
  log: { info: Log; warn: Log };
  now(): Date;
  /** How often journals are looked at. Default 500. */
  pollMilliseconds?: number;
  /** How soon it is tried again at first; then twice as late each time, up to a minute. Default 500. */
  retryMilliseconds?: number;
  /** How long a batch that is under way may take when it is to stop. Default 3 seconds. */
  graceMilliseconds?: number;
}

type Log = (facts: object, message: string) => void;

export interface OutletStatus {
  name: string;
  type: string;
  /** `waiting`: the other side fails at the moment; `refused`: it will go on to until someone changes something. */
  state: 'running' | 'waiting' | 'refused' | 'stopped';
  delivered: number;
  /** Bytes of journals that are not delivered yet. */
  behind_bytes: number;
  last_delivered_at: string | null;
  /** Why the last attempt failed; null when it did not. */
  problem: string | null;
}

const firstRetryMilliseconds = 500;
const longestRetryMilliseconds = 60_000;

/**
 * Delivers what is booked to one outlet, from its own place in the journals on: at least once, in
 * order, each entry as it is in the books. While the other side is away, the journals wait; what came
 * twice into the journals goes out once.
 */
export class Delivery {
  readonly #options: DeliveryOptions;
  readonly #stopping = new AbortController();
  readonly #running: Promise<void>;
  #place: OutletPlace = { positions: [], delivered: 0, last_delivered_at: null };
  #tails: JournalTails | null = null;
  #outlet: Outlet | null = null;
  #state: OutletStatus['state'] = 'running';
  #problem: string | null = null;
  /** Of the journals as they were looked at last, while nothing reads them. */
  #behindBefore = 0;

  constructor(options: DeliveryOptions) {
    this.#options = options;
    this.#running = this.#run();
  }

  status(): OutletStatus {
    const { name, type } = this.#options;
    return {
      name,
      type,
      state: this.#state,
      delivered: this.#place.delivered,
      behind_bytes: this.#behind(),
      last_delivered_at: this.#place.last_delivered_at,
      problem: this.#problem,
    };
  }

  /** The segments that are still to be delivered; earlier ones may go. */
  get positions(): readonly JournalPosition[] {
    return this.#place.positions;
  }

  /**
   * Ends after the batch that is under way. The other side may hang: what it has not confirmed by then
   * comes again.
   */
  async stop(): Promise<void> {
    const { graceMilliseconds: grace = 3_000 } = this.#options;
    this.#stopping.abort();
    const isOver = await within(grace, this.#running);
    await within(
      grace,
      this.#outlet?.close().catch(() => undefined),
    );
    if (!isOver) await within(grace, this.#running);
    this.#state = 'stopped';
  }

  async #run(): Promise<void> {
    const { retryMilliseconds = firstRetryMilliseconds } = this.#options;
    let pause = retryMilliseconds;
    while (!this.#stopping.signal.aborted) {
      try {
        const more = await this.#deliverNext();
        this.#succeeded();
        pause = retryMilliseconds;
        if (!more) await this.#wait(this.#options.pollMilliseconds ?? 500);
      } catch (error) {
        await this.#failed(error as Error);
        await this.#wait(pause * (0.5 + Math.random() / 2));
        pause = Math.min(pause * 2, longestRetryMilliseconds);
      }
    }
  }

  /** Whether there may be more at once. */
  async #deliverNext(): Promise<boolean> {
    this.#tails ??= await this.#begin();
    await this.#tails.discover();
    let more = false;
    for (const tail of this.#tails.all) {
      if (this.#stopping.signal.aborted) return false;
      const reading = await tail.read(mostEntries);
      this.#tellGaps(reading);
      if (reading.position === null) continue;
      more ||= reading.more;
      await this.#deliver(reading);
      tail.booked(reading.position);
    }
    return more;
  }

  async #begin(): Promise<JournalTails> {
    const { placeFile, from, store, dataDirectory } = this.#options;
    const known = readPlace(placeFile);
    this.#place = known ?? {
      positions: from === 'now' ? await store.positions() : [],
      delivered: 0,
      last_delivered_at: null,
    };
    // Where a new outlet begins must not move with the next start.
    if (known === null) await writePlace(placeFile, this.#place);
    return new JournalTails(journalsDirectory(dataDirectory), this.#place.positions);
  }

  async #deliver(reading: TailReading): Promise<void> {
    const entries = await this.#booked(reading);
    if (entries === null) throw new Error('the books are behind the journals');
    for (let start = 0; start < entries.length; start += mostEntries) {
      this.#outlet ??= await this.#options.open();
      await this.#outlet.write(entries.slice(start, start + mostEntries).map(({ entry }) => entry));
    }
    const { positions, delivered, last_delivered_at: before } = this.#place;
    const next: OutletPlace = {
      positions: [
        ...positions.filter(({ journal }) => journal !== reading.position!.journal),
        reading.position!,
      ],
      delivered: delivered + entries.length,
      last_delivered_at: entries.length > 0 ? this.#options.now().toISOString() : before,
    };
    await writePlace(this.#options.placeFile, next);
    this.#place = next;
  }

  /** Those of the entries whose line is the one in the books; null while the ledger is not so far. */
  async #booked({ entries, position }: TailReading): Promise<SourcedEntry[] | null> {
    const { store } = this.#options;
    for (let attempt = 0; ; attempt++) {
      const reached = (await store.positions()).find(
        ({ journal }) => journal === position!.journal,
      );
      if (hasReached(reached, position!)) break;
      if (this.#stopping.signal.aborted || attempt > 600) return null;
      await this.#wait(100);
    }
    return bookedLines(store, entries);
  }

  /** An outlet that was taken out of the configuration holds no segments back. */
  #tellGaps({ damage }: TailReading): void {
    for (const { kind, journal, segment, reason } of damage) {
      if (kind !== 'segment') continue;
      this.#options.log.warn(
        { outlet: this.#options.name, journal, segment, reason },
        'the outlet lacks entries: a segment is gone that it had not had whole',
      );
    }
  }

  #succeeded(): void {
    if (this.#problem !== null) {
      this.#options.log.info({ outlet: this.#options.name }, 'the outlet takes entries again');
    }
    this.#state = 'running';
    this.#problem = null;
  }

  #behind(): number {
    if (this.#tails === null) return this.#behindBefore;
    return this.#tails.all.reduce((sum, tail) => sum + tail.unbookedBytes, 0);
  }

  async #failed(failure: Error): Promise<void> {
    this.#behindBefore = this.#behind();
    const state = failure instanceof OutletRefused ? 'refused' : 'waiting';
    // What was read and not delivered is read again, from the place on that was reached.
    this.#tails = null;
    await this.#outlet?.close().catch(() => undefined);
    this.#outlet = null;
    if (this.#problem !== failure.message) {
      this.#options.log.warn(
        { outlet: this.#options.name, reason: failure.message },
        'the outlet does not take entries; they wait in the journals',
      );
    }
    this.#state = state;
    this.#problem = failure.message;
  }

  async #wait(milliseconds: number): Promise<void> {
    await sleep(milliseconds, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
  }
}
