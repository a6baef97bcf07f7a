import { stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { journalsDirectory, listSegments, segmentPath } from '@farthing/journal';
import { bookedLines, hasReached, JournalTails } from '../ledger/index.js';
import type { BookingBatch, JournalPosition, SourcedEntry, Store } from '../store/store.js';

/** A journal that is read: what waits of it, and where its reader stands when that is taken. */
interface Source {
  waiting: SourcedEntry[];
  next: number;
  after: JournalPosition | null;
}

const linesAtOnce = 2_000;
const pollMilliseconds = 50;

/**
 * Reads what is booked, of all journals together and in the order in which the calls began, from given
 * places on. Memory is bounded by a few thousand lines of each journal.
 */
export class MergedJournals {
  readonly #store: Pick<Store, 'locate' | 'positions'>;
  readonly #tails: JournalTails;
  readonly #signal: AbortSignal;
  readonly #sources = new Map<string, Source>();

  constructor(
    dataDirectory: string,
    store: Pick<Store, 'locate' | 'positions'>,
    from: readonly JournalPosition[],
    signal: AbortSignal,
  ) {
    this.#store = store;
    this.#tails = new JournalTails(journalsDirectory(dataDirectory), from);
    this.#signal = signal;
  }

  /** Up to so many entries, and the places that are reached with them; null when there is nothing more now. */
  async next(most: number): Promise<BookingBatch | null> {
    await this.#tails.discover();
    for (const tail of this.#tails.all) {
      const source = this.#sourceOf(tail.name);
      if (source.next < source.waiting.length) continue;
      const reading = await tail.read(linesAtOnce);
      if (reading.position === null) continue;
      if (!(await this.#waitUntilBooked(reading.position))) return null;
      source.waiting = await bookedLines(this.#store, reading.entries);
      source.next = 0;
      source.after = reading.position;
      tail.booked(reading.position);
    }
    return this.#take(most);
  }

  /** The earliest of all, until one journal has to be read on. */
  #take(most: number): BookingBatch | null {
    const entries: SourcedEntry[] = [];
    const full = [...this.#sources.values()].filter(({ waiting, next }) => next < waiting.length);
    while (full.length > 0 && entries.length < most) {
      let first = full[0]!;
      for (const source of full) if (startOf(source) < startOf(first)) first = source;
      entries.push(first.waiting[first.next]!);
      first.next += 1;
      if (first.next === first.waiting.length) break;
    }
    const positions: JournalPosition[] = [];
    for (const source of this.#sources.values()) {
      const { waiting, next } = source;
      const position = next < waiting.length ? waiting[next]!.position : source.after;
      if (position !== null) positions.push(position);
      if (next === waiting.length) source.after = null;
    }
    return positions.length === 0 ? null : { entries, positions };
  }

  async #waitUntilBooked(position: JournalPosition): Promise<boolean> {
    while (!this.#signal.aborted) {
      const reached = await this.#store.positions();
      const own = reached.find(({ journal }) => journal === position.journal);
      if (hasReached(own, position)) return true;
      await sleep(pollMilliseconds, undefined, { signal: this.#signal }).catch(() => undefined);
    }
    return false;
  }

  #sourceOf(name: string): Source {
    let source = this.#sources.get(name);
    if (source === undefined) {
      this.#sources.set(name, (source = { waiting: [], next: 0, after: null }));
    }
    return source;
  }
}

/** Where journals end now: what lies before is the past. */
export async function journalEnds(dataDirectory: string): Promise<JournalPosition[]> {
  const tails = new JournalTails(journalsDirectory(dataDirectory), []);
  await tails.discover();
  const ends: JournalPosition[] = [];
  for (const { name, directory } of tails.all) {
    const segment = (await listSegments(directory)).at(-1);
    if (segment === undefined) continue;
    const { size } = await stat(segmentPath(directory, segment));
    ends.push({ journal: name, segment, offset: size });
  }
  return ends;
}

function startOf({ waiting, next }: Source): string {
  return waiting[next]!.entry.started_at;
}
