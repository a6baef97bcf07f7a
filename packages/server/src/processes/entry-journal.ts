import { FarthingError, type Entry } from '@farthing/core';
import { checkEntry } from '../ledger/index.js';
import { openJournal, type OpenedJournal, type OpenJournalOptions } from '@farthing/journal';

/** A journal for entries that come in complete (imports, HTTP); opened when the first ones come. */
export interface EntryJournal {
  /**
   * Resolves when the entries are on stable storage. An entry that does not say when it became known
   * became known now: an import must not change what a closed month was reported as.
   * Throws `entry_invalid`, and journals none of them, when the books could not hold one: what is
   * journalled is promised to be booked.
   */
  append(entries: Entry[]): Promise<void>;
  close(): Promise<void>;
}

export function entryJournal(
  options: Pick<OpenJournalOptions, 'dataDirectory' | 'name' | 'segmentBytes' | 'now'>,
): EntryJournal {
  let opening: Promise<OpenedJournal> | null = null;
  const now = options.now ?? (() => new Date());
  return {
    async append(entries) {
      for (const entry of entries) {
        const flaw = checkEntry(entry);
        if (flaw !== null) {
          throw new FarthingError('entry_invalid', `Entry ${entry.id} cannot be booked: ${flaw}.`);
        }
      }
      opening ??= openJournal({
        ...options,
        interrupted: ({ id }) => {
          throw new Error(`call ${id} was opened in a journal that opens no calls`);
        },
      });
      const { journal } = await opening;
      let last = 0;
      const recordedAt = now().toISOString();
      for (const entry of entries) {
        last = journal.closed(
          entry.recorded_at === undefined ? { ...entry, recorded_at: recordedAt } : entry,
        );
      }
      await journal.durable(last);
    },
    async close() {
      if (opening !== null) await (await opening).close();
    },
  };
}
