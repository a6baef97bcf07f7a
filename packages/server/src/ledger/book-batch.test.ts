import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FarthingError } from '@farthing/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { batchOf, sampleEntry } from '../store/conformance/batches.js';
import { openDuckDbStore } from '../store/duckdb/index.js';
import type { BookingBatch, Store } from '../store/store.js';
import { bookBatch } from './book-batch.js';

let directory = '';

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'farthing-book-batch-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

test('a batch that the store has no memory for is booked in parts, each entry once', async () => {
  const store = await openDuckDbStore({ directory });
  const parts: number[] = [];
  // How much fits depends on what else the database holds; here it is what a test can rely on.
  const small: Store = Object.assign(Object.create(store) as Store, {
    book(part: BookingBatch) {
      parts.push(part.entries.length);
      if (part.entries.length <= 300) return store.book(part);
      throw new FarthingError('store_out_of_memory', 'failed to pin block of size 256.0 KiB');
    },
  });
  const batch = batchOf(Array.from({ length: 1000 }, () => sampleEntry({})));
  const booked = await bookBatch(small, batch);
  expect(parts).toEqual([1000, 500, 250, 250, 500, 250, 250]);
  expect(booked.rows).toHaveLength(1000);
  expect(booked.refused).toEqual([]);
  expect((await store.query({ measures: ['calls'] })).rows).toEqual([{ calls: 1000 }]);
  expect((await store.positions()).map(({ offset }) => offset)).toEqual(
    batch.positions.map(({ offset }) => offset),
  );
  await store.close();
});

test('a single entry that does not fit is no bad entry: the shortage is told', async () => {
  const store = await openDuckDbStore({ directory });
  const full: Store = Object.assign(Object.create(store) as Store, {
    book() {
      throw new FarthingError('store_out_of_memory', 'failed to pin block of size 256.0 KiB');
    },
  });
  await expect(bookBatch(full, batchOf([sampleEntry({})]))).rejects.toMatchObject({
    code: 'store_out_of_memory',
  });
  await store.close();
});
