import type { Entry } from '@farthing/core';
import { openDuckDbStore } from '../../packages/server/src/store/duckdb/index.js';
import { generateEntries } from './generate-entries.js';
import { month } from './traffic.js';

/** Books calls by the batch, straight into the store, and weighs the file. */
export async function measureDisk(directory: string, calls: number) {
  const step = (month.to - month.from) / calls;
  const entries = generateEntries(3, (index) => Math.floor(month.from + index * step));
  const store = await openDuckDbStore({ directory });
  const batch = 5000;
  for (let start = 0; start < calls; start += batch) {
    const sourced = Array.from({ length: batch }, (_, index) => ({
      entry: entries.next().value as Entry,
      position: { journal: 'gateway', segment: 1, offset: (start + index) * 1900 },
    }));
    await store.book({ entries: sourced, positions: [] });
  }
  await store.close();
  const again = await openDuckDbStore({ directory });
  const { bytes } = await again.summary();
  await again.close();
  return { calls, bytes, bytes_per_call: Number((bytes / calls).toFixed(1)) };
}
