import type { Entry } from '@farthing/core';
import type { Store } from '../store/store.js';
import { readEntriesAt } from './read-entries-at.js';

/** A booked call and the adjustments that are booked for it. */
export interface BookedCall {
  call: Entry;
  adjustments: Entry[];
}

/** A call as the books have it; null when it is not booked yet, or no longer retained. */
export async function findBookedCall(
  dataDirectory: string,
  store: Pick<Store, 'call' | 'adjustments'>,
  id: string,
): Promise<BookedCall | null> {
  const booked = await store.call(id);
  if (booked === null) return null;
  const rows = (await store.adjustments([id])).get(id) ?? [];
  const places = [
    { id, position: booked.position },
    ...rows.map(({ row, position }) => ({ id: row.id, position })),
  ];
  const entries = await readEntriesAt(dataDirectory, places);
  const call = entries.get(id);
  const adjustments = rows.flatMap(({ row }) => entries.get(row.id) ?? []);
  return call === undefined || adjustments.length < rows.length ? null : { call, adjustments };
}
