import { FarthingError, toCallRow, type CallRow, type Entry } from '@farthing/core';
import type { BookingBatch, SourcedEntry, Store } from '../store/store.js';

export interface Booked {
  rows: CallRow[];
  /** What the rows are made of, in their order, and the places of their lines. */
  entries: Entry[];
  sourced: SourcedEntry[];
  /** Entries that the store cannot hold, each with its reason. They are passed over. */
  refused: { sourced: SourcedEntry; reason: string }[];
}

/** What a smaller batch may mend. */
const divisible = new Set(['entry_invalid', 'store_out_of_memory']);

/**
 * Books a batch. When the store refuses an entry as impossible, or has not the memory for so many at
 * once, the batch is halved until the bad one stands alone or the parts fit, so that neither holds up
 * the rest. Positions go with the last part: after a crash in between, what is read again is known by
 * its ids.
 */
export async function bookBatch(store: Store, batch: BookingBatch): Promise<Booked> {
  const { entries, positions } = batch;
  try {
    const result = await store.book(batch);
    const byId = new Map(entries.map((sourced) => [sourced.entry.id.toLowerCase(), sourced]));
    const sourced = result.booked_ids.map((id) => byId.get(id.toLowerCase())!);
    const booked = sourced.map(({ entry }) => entry);
    return { rows: booked.map(toCallRow), entries: booked, sourced, refused: [] };
  } catch (error) {
    if (!FarthingError.isInstance(error) || !divisible.has(error.code)) throw error;
    if (entries.length === 0) throw error;
    if (entries.length === 1) {
      if (error.code !== 'entry_invalid') throw error;
      if (positions.length > 0) await store.book({ entries: [], positions });
      const refused = [{ sourced: entries[0]!, reason: error.message }];
      return { rows: [], entries: [], sourced: [], refused };
    }
    const half = Math.ceil(entries.length / 2);
    const first = await bookBatch(store, { entries: entries.slice(0, half), positions: [] });
    const second = await bookBatch(store, { entries: entries.slice(half), positions });
    return {
      rows: [...first.rows, ...second.rows],
      entries: [...first.entries, ...second.entries],
      sourced: [...first.sourced, ...second.sourced],
      refused: [...first.refused, ...second.refused],
    };
  }
}
