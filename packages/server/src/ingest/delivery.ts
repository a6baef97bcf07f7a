import { FarthingError, type Entry } from '@farthing/core';
import type { Tally } from './tally.js';

/** Entries that travel together; with their bytes far below the API's 10 MB. */
const batchEntries = 1000;
const batchBytes = 4 * 1024 * 1024;
const refusals = new Set(['entry_invalid', 'invalid_entry', 'invalid_input', 'entry_too_large']);

interface Waiting {
  entry: Entry;
  file: string;
  line: number;
}

export type Deliver = (entries: Entry[]) => Promise<{ accepted: number; already_booked: number }>;

/** Hands entries on in batches. One that the books refuse never holds up the others. */
export class Delivery {
  readonly #deliver: Deliver;
  readonly #tally: Tally;
  #batch: Waiting[] = [];
  #bytes = 0;
  lastId: string | null = null;

  constructor(deliver: Deliver, tally: Tally) {
    this.#deliver = deliver;
    this.#tally = tally;
  }

  /** Whether a batch is full: then {@link flush}. */
  add(waiting: Waiting): boolean {
    this.#batch.push(waiting);
    // What varies in size is the provider's own numbers and the tags.
    this.#bytes += 2000 + (waiting.entry.usage?.requests?.length ?? 0) * 400;
    return this.#batch.length >= batchEntries || this.#bytes >= batchBytes;
  }

  async flush(): Promise<void> {
    const batch = this.#batch;
    this.#batch = [];
    this.#bytes = 0;
    if (batch.length > 0) await this.#send(batch);
  }

  async #send(batch: Waiting[]): Promise<void> {
    try {
      const result = await this.#deliver(batch.map(({ entry }) => entry));
      this.#tally.imported += result.accepted;
      this.#tally.alreadyThere += result.already_booked;
      this.lastId = batch.at(-1)!.entry.id;
    } catch (error) {
      if (!FarthingError.isInstance(error) || !refusals.has(error.code)) throw error;
      const [only] = batch;
      if (batch.length === 1) {
        this.#tally.cannotRead(only!.file, only!.line, `refused: ${error.message.slice(0, 300)}`);
        return;
      }
      const middle = batch.length >> 1;
      await this.#send(batch.slice(0, middle));
      await this.#send(batch.slice(middle));
    }
  }
}
