import { interruptedEntry, type Entry, type OpenedLine } from '@farthing/core';
import { defaultPriceBook } from '@farthing/core/prices';
import { openJournal, type OpenedJournal } from '@farthing/journal';
import type { Opening, Sink, SinkReport } from './sink.js';

export interface JournalSinkOptions {
  /** The data directory, which the control plane reads. */
  data: string;
  /** The journal's name. Processes of one name get journals of their own (`sdk`, `sdk-2`, …). Default `sdk`. */
  name?: string | undefined;
  /** Lines that wait for a full disk in memory at most; what comes beyond is dropped and counted. Default 20,000. */
  memoryLines?: number | undefined;
}

/**
 * Writes the same journal as the gateway: an `opened` line before a call leaves, a `closed` one after
 * it. An answer reaches the application when the call's first line is with the operating system, so a
 * call that was answered is in the books whatever kills the process. Calls that were open when the
 * last process of this name died are booked at their estimate.
 * @throws FarthingError `data_directory_unwritable` or `journal_locked`.
 */
export async function journalSink(options: JournalSinkOptions): Promise<Sink> {
  const { data, name = 'sdk', memoryLines = 20_000 } = options;
  const opened = await openJournal({
    dataDirectory: data,
    name,
    interrupted: (line) => {
      const book = defaultPriceBook();
      return interruptedEntry(line, (call) => book.price(call), {}, new Date().toISOString());
    },
  });
  return new JournalSink(opened, memoryLines);
}

class JournalSink implements Sink {
  readonly name = 'journal';
  readonly #journal: OpenedJournal['journal'];
  readonly #opened: OpenedJournal;
  readonly #memoryLines: number;
  #written = 0;
  #dropped = 0;
  /** Whether an entry came after the sink was closed. */
  #cameLate = false;
  /** Lines of entries in the journal, of those that may still wait: the last one's number is enough. */
  #last = 0;
  #isClosed = false;

  constructor(opened: OpenedJournal, memoryLines: number) {
    this.#opened = opened;
    this.#journal = opened.journal;
    this.#memoryLines = memoryLines;
  }

  get report(): SinkReport {
    const { failure, backlog } = this.#journal;
    return {
      written: this.#written,
      dropped: this.#dropped,
      delivered: Math.max(0, this.#written - this.#dropped - backlog),
      failure: failure?.message ?? (this.#cameLate ? 'the sink is closed' : null),
    };
  }

  opened(line: OpenedLine): Opening | null {
    if (this.#isFull) return null;
    const number = this.#journal.opened(line);
    const journal = this.#journal;
    return {
      get isRecorded() {
        return journal.isWritten(number);
      },
      recorded: () => journal.handedOver(number),
    };
  }

  withdrawn(id: string): void {
    if (!this.#isClosed) this.#last = this.#journal.withdrawn(id);
  }

  write(entry: Entry): void {
    this.#written++;
    if (this.#isClosed || this.#isFull) {
      this.#dropped++;
      this.#cameLate = this.#isClosed;
      return;
    }
    this.#last = this.#journal.closed(entry);
  }

  /** Resolves when all lines are on stable storage, or the disk is known to fail. */
  async flush(): Promise<void> {
    if (this.#last === 0 || this.#isClosed) return;
    await this.#journal.handedOver(this.#last);
    if (this.#journal.failure === null) await this.#journal.durable(this.#last);
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#opened.close();
  }

  get #isFull(): boolean {
    return this.#journal.failure !== null && this.#journal.backlog >= this.#memoryLines;
  }
}
