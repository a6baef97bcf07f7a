import { join } from 'node:path';
import { journalsDirectory, removeExpiredSegments } from '@farthing/journal';
import type { Outlets } from '../outlets/index.js';
import type { Store } from '../store/store.js';

export interface RetentionParts {
  dataDirectory: string;
  store: Pick<Store, 'positions'>;
  outlets: Pick<Outlets, 'places'>;
  /** Days that booked segments are kept; 0 keeps all. */
  days: number;
  now: () => Date;
}

/** Removes old segments that are booked. What an outlet has not delivered yet is kept, however old it is. */
export async function applyRetention(parts: RetentionParts): Promise<void> {
  const { dataDirectory, store, outlets, days, now } = parts;
  if (days === 0) return;
  const olderThan = new Date(now().getTime() - days * 86_400_000);
  for (const { journal, segment } of await store.positions()) {
    const delivered = outlets
      .places()
      .map((place) => place.find((position) => position.journal === journal)?.segment ?? 0);
    await removeExpiredSegments(join(journalsDirectory(dataDirectory), journal), {
      olderThan,
      bookedSegment: Math.min(segment, ...delivered),
    });
  }
}
