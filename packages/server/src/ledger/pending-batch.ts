import type { JournalPosition, SourcedEntry } from '../store/store.js';
import type { TailReading } from './journal-tail.js';

/** What has been read from the journals and is not yet in the store. */
export class PendingBatch {
  readonly entries: SourcedEntry[] = [];
  readonly #positions = new Map<string, JournalPosition>();
  /** When its oldest line was written, in milliseconds since 1970. */
  oldest: number | null = null;

  add(reading: TailReading): void {
    for (const sourced of reading.entries) this.entries.push(sourced);
    if (reading.position !== null) this.#positions.set(reading.position.journal, reading.position);
    if (reading.oldest !== null) {
      this.oldest = Math.min(this.oldest ?? reading.oldest, reading.oldest);
    }
  }

  get positions(): JournalPosition[] {
    return [...this.#positions.values()];
  }

  get isEmpty(): boolean {
    return this.#positions.size === 0;
  }
}
