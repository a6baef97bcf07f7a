import { formatUsd, parseUsd } from '@farthing/core';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { StoreBench } from '../conformance.js';
import type { Store } from '../store.js';
import { arbitraryEntries } from './arbitrary-entry.js';
import { batchOf, sampleEntry } from './batches.js';

const spent = async (store: Store): Promise<unknown> =>
  (await store.query({ measures: ['calls', 'cost'] })).rows[0];

export function bookingLaws(bench: StoreBench): void {
  describe('booking', () => {
    test('a new store is empty and nothing is spent', async () => {
      const store = await bench.open();
      expect(await store.positions()).toEqual([]);
      expect(await spent(store)).toEqual({ calls: 0, cost: '0' });
      expect(await store.summary()).toMatchObject({
        entries: 0,
        first_call_at: null,
        last_call_at: null,
      });
    });

    test('tells what it booked, in the batch’s order', async () => {
      const store = await bench.open();
      const entries = Array.from({ length: 50 }, () => sampleEntry());
      const ids = entries.map(({ id }) => id);
      expect(await store.book(batchOf(entries))).toEqual({
        booked: 50,
        duplicates: 0,
        booked_ids: ids,
      });
    });

    test('an id is booked once: in one batch, in a later one, from another journal', async () => {
      const store = await bench.open();
      const [a, b, c] = [sampleEntry(), sampleEntry(), sampleEntry()];
      const first = await store.book(batchOf([a, b, a]));
      expect(first).toEqual({ booked: 2, duplicates: 1, booked_ids: [a.id, b.id] });
      const second = await store.book(batchOf([b, c, a], { journal: 'sdk', offset: 7000 }));
      expect(second).toEqual({ booked: 1, duplicates: 2, booked_ids: [c.id] });
      expect(await spent(store)).toEqual({ calls: 3, cost: '0.005625' });
      expect((await store.call(b.id))?.position.journal).toBe('gateway');
    });

    test('the first booking of an id stays as it is', async () => {
      const store = await bench.open();
      const entry = sampleEntry();
      await store.book(batchOf([entry]));
      await store.book(batchOf([{ ...entry, id: entry.id.toUpperCase(), model: 'another' }]));
      expect((await store.call(entry.id))?.row.model).toBe(entry.model);
      expect(await spent(store)).toEqual({ calls: 1, cost: '0.001875' });
    });

    test('positions advance with their batch, also without entries', async () => {
      const store = await bench.open();
      await store.book(batchOf([sampleEntry()], { journal: 'b', segment: 3 }));
      await store.book({
        entries: [],
        positions: [
          { journal: 'a', segment: 1, offset: 10 },
          { journal: 'b', segment: 4, offset: 0 },
        ],
      });
      expect(await store.positions()).toEqual([
        { journal: 'a', segment: 1, offset: 10 },
        { journal: 'b', segment: 4, offset: 0 },
      ]);
    });

    test('segment numbers of ten digits and offsets beyond 4 GiB come back exactly', async () => {
      const store = await bench.open();
      const entry = sampleEntry();
      const position = { journal: 'big', segment: 9_999_999_999, offset: 2 ** 40 + 1 };
      await store.book({ entries: [{ entry, position }], positions: [position] });
      expect(await store.positions()).toEqual([position]);
      expect((await store.call(entry.id))?.position).toEqual(position);
    });

    test.each([
      ['an id that is no UUID', { id: 'call-1' }],
      ['a start that is no time', { started_at: 'yesterday' }],
      ['an amount that is no decimal', { cost: { ...sampleEntry().cost, usd: '1e-3' } }],
      ['an attempt beyond the column', { attempt: 2 ** 40 }],
      ['half an HTTP status', { http_status: 200.5 }],
      ['an amount beyond the column', { cost: { ...sampleEntry().cost, usd: '9300000' } }],
    ])('a batch with %s is refused whole', async (_, changes) => {
      const store = await bench.open();
      const batch = batchOf([sampleEntry(), sampleEntry(changes), sampleEntry()]);
      await expect(store.book(batch)).rejects.toMatchObject({ code: 'entry_invalid' });
      expect(await spent(store)).toEqual({ calls: 0, cost: '0' });
      expect(await store.positions()).toEqual([]);
      expect(await store.book(batchOf([sampleEntry()]))).toMatchObject({ booked: 1 });
    });

    test('money beyond what a double holds is summed to the last picodollar', async () => {
      const store = await bench.open();
      const amounts = ['9223372.036854775807', '0.000000000001', '9007.199254740993'];
      const entries = Array.from({ length: 300 }, (_, index) =>
        sampleEntry({
          cost: { usd: amounts[index % 3]!, status: 'priced', source: 'base', charges: [] },
        }),
      );
      await store.book(batchOf(entries.slice(0, 100)));
      await store.book(batchOf(entries.slice(100)));
      const total = amounts.reduce((sum, usd) => sum + parseUsd(usd), 0n) * 100n;
      expect(await spent(store)).toEqual({ calls: 300, cost: formatUsd(total) });
    });

    test('batches booked at the same time do not disturb each other', async () => {
      const store = await bench.open();
      const shared = Array.from({ length: 20 }, () => sampleEntry());
      const results = await Promise.all(
        Array.from({ length: 8 }, (_, index) =>
          store.book(batchOf([...shared, sampleEntry()], { journal: `journal-${index}` })),
        ),
      );
      expect(results.map(({ booked }) => booked).reduce((a, b) => a + b)).toBe(28);
      expect(await spent(store)).toEqual({ calls: 28, cost: '0.0525' });
      expect(await store.positions()).toHaveLength(8);
      expect(new Set((await store.positions()).map(({ journal }) => journal)).size).toBe(8);
    });

    test('closing and opening again changes nothing, however often', async () => {
      await fc.assert(
        fc.asyncProperty(
          arbitraryEntries(40),
          fc.integer({ min: 1, max: 40 }),
          async (all, cut) => {
            let store = await bench.open();
            await store.book(batchOf(all.slice(0, cut)));
            store = await bench.reopen(store);
            await store.book(batchOf(all));
            const query = {
              measures: ['calls' as const, 'cost' as const, 'cost_output' as const],
              dimensions: ['feature' as const],
            };
            const before = await store.query(query);
            const calls = await store.calls({ order: 'newest', limit: 100 });
            const { entries, first_call_at: first, last_call_at: last } = await store.summary();
            store = await bench.reopen(store);
            expect(await store.query(query)).toEqual(before);
            expect(await store.calls({ order: 'newest', limit: 100 })).toEqual(calls);
            expect(await store.summary()).toMatchObject({
              entries,
              first_call_at: first,
              last_call_at: last,
            });
            expect(entries).toBe(all.length);
          },
        ),
        { numRuns: 8 },
      );
    });
  });
}
