import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe } from 'vitest';
import { bookingLaws } from './conformance/booking-laws.js';
import { callsLaws } from './conformance/calls-laws.js';
import { floorLaws } from './conformance/floor-laws.js';
import { prefixesLaws } from './conformance/prefixes-laws.js';
import { queryLaws } from './conformance/query-laws.js';
import { replacingLaws } from './conformance/replacing-laws.js';
import { restatingLaws } from './conformance/restating-laws.js';
import type { Store } from './store.js';

/** What the laws get to work with: stores in directories of their own, closed after each test. */
export interface StoreBench {
  /** Opens a store in a fresh directory. */
  open(): Promise<Store>;
  /** Closes the store and opens what it left in its directory. */
  reopen(store: Store): Promise<Store>;
}

/**
 * The laws of the store port. Every driver's test file calls this once:
 * `describeStore('duckdb', (directory) => openDuckDbStore({ directory }))`.
 */
export function describeStore(
  name: string,
  openStore: (directory: string) => Promise<Store>,
): void {
  // Properties open many stores; a busy machine must not make a law fail.
  describe(`store: ${name}`, { timeout: 120_000 }, () => {
    const directories = new Map<Store, string>();
    let root = '';
    let opened = 0;

    beforeEach(async () => {
      root = await mkdtemp(join(tmpdir(), 'farthing-store-'));
    });
    afterEach(async () => {
      for (const store of directories.keys()) await store.close();
      directories.clear();
      await rm(root, { recursive: true, force: true });
    });

    const openIn = async (directory: string): Promise<Store> => {
      const store = await openStore(directory);
      directories.set(store, directory);
      return store;
    };
    const bench: StoreBench = {
      open: () => openIn(join(root, `store-${(opened += 1)}`)),
      async reopen(store) {
        const directory = directories.get(store)!;
        directories.delete(store);
        await store.close();
        return openIn(directory);
      },
    };

    bookingLaws(bench);
    queryLaws(bench);
    callsLaws(bench);
    restatingLaws(bench);
    floorLaws(bench);
    replacingLaws(bench);
    prefixesLaws(bench);
  });
}
