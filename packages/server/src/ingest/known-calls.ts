import { createHash } from 'node:crypto';
import { adjustEntry, restate, type Entry } from '@farthing/core';
import type { BookedCall } from '../ledger/index.js';
import { adjustmentId } from '../reprice/index.js';
import { OccurrenceCounter } from './record-id.js';

/** What an import asks of the books that it books into. */
export interface BooksBeside {
  /** Everything that is booked and retained, in any order. */
  entries(): AsyncIterable<Entry>;
  /** A call and what was adjusted since; null when it is not booked or no longer retained. */
  find(id: string): Promise<BookedCall | null>;
}

/** What the books have of a call that an import found. */
export type Known =
  /** Something else booked it: the gateway, an SDK, spans, another import. */
  | { as: 'another' }
  /** This source booked it with fewer tokens; the entry says what is new. */
  | { as: 'less'; adjusting: Entry };

interface Counts {
  input: number;
  output: number;
}

/**
 * The calls that are in the books already, as far as an import needs them: by their provider's response id
 * where another source booked them, and by how many tokens were booked where this source did. Read from
 * the journals once, when the first call comes that could be among them.
 */
export class KnownCalls {
  readonly #books: BooksBeside;
  readonly #source: string;
  readonly #now: () => Date;
  readonly #responses = new OccurrenceCounter();
  readonly #own = new Map<string, Counts>();
  #reading: Promise<void> | null = null;

  /** `source` is that of the import's own entries. */
  constructor(books: BooksBeside, source: string, now: () => Date) {
    this.#books = books;
    this.#source = source;
    this.#now = now;
  }

  async find(entry: Entry): Promise<Known | null> {
    if (entry.kind !== 'call') return null;
    this.#reading ??= this.#read();
    await this.#reading;
    const key = responseKey(entry);
    if (key !== null && this.#responses.has(key)) return { as: 'another' };
    const counts = this.#own.get(entry.id);
    if (counts === undefined || !isFuller(countsOf(entry), counts)) return null;
    const adjusting = await this.#adjusting(entry);
    return adjusting === null ? null : { as: 'less', adjusting };
  }

  async #read(): Promise<void> {
    for await (const entry of this.#books.entries()) {
      if (entry.source === this.#source && entry.kind === 'call') this.#addOwn(entry.id, entry);
      else if (entry.kind === 'adjustment') {
        if (entry.adjusts?.entry != null) this.#addOwn(entry.adjusts.entry, entry);
      } else {
        const key = responseKey(entry);
        if (key !== null) this.#responses.next(key);
      }
    }
  }

  /** Adjustments hold differences: they add up to what is booked. */
  #addOwn(id: string, entry: Entry): void {
    if (entry.usage === null) return;
    const counts = countsOf(entry);
    const before = this.#own.get(id);
    if (before === undefined && entry.kind !== 'call') return;
    this.#own.set(id, {
      input: counts.input + (before?.input ?? 0),
      output: counts.output + (before?.output ?? 0),
    });
  }

  async #adjusting(entry: Entry): Promise<Entry | null> {
    const found = await this.#books.find(entry.id);
    if (found === null || entry.usage === null) return null;
    const { call, adjustments } = found;
    const booked = restate(call, adjustments).usage;
    if (booked !== null && !isFuller(countsOf(entry), countsOf({ ...call, usage: booked }))) {
      return null;
    }
    return adjustEntry(
      call,
      adjustments,
      { cost: entry.cost, usage: entry.usage },
      {
        cause: 'usage',
        reason: 'the log was imported before this answer had been written whole',
        by: 'import',
        source: entry.source,
        recorded_at: this.#now().toISOString(),
      },
      adjustmentId,
    );
  }
}

/** Counts of one answer only grow while it is written: more output, and no less of the rest. */
function isFuller(now: Counts, before: Counts): boolean {
  return (
    now.input >= before.input &&
    now.output >= before.output &&
    now.input + now.output > before.input + before.output
  );
}

function countsOf({ usage }: Entry): Counts {
  if (usage === null) return { input: 0, output: 0 };
  const { output, ...input } = usage.tokens;
  return { input: Object.values(input).reduce((sum, count) => sum + count, 0), output };
}

/** Shorter ids are not a provider's, and need not be unique in the world. */
const shortestResponseId = 12;

function responseKey({ provider, response_id: id, outcome }: Entry): Buffer | null {
  if (id === undefined || id.length < shortestResponseId || outcome === 'unmetered') return null;
  return createHash('sha256').update(`${provider}\n${id}`).digest();
}
