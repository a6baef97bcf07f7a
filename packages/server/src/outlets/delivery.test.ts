import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Entry } from '@farthing/core';
import * as fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openTestBooks, type TestBooks } from '../../test-support/open-test-books.js';
import { sampleEntry } from '../store/conformance/batches.js';
import { Delivery } from './delivery.js';
import { OutletRefused, type Outlet } from './outlet.js';

let books: TestBooks;
let places = '';
let deliveries: Delivery[] = [];
beforeEach(async () => {
  books = await openTestBooks();
  places = await mkdtemp(join(tmpdir(), 'farthing-outlets-'));
});
afterEach(async () => {
  await Promise.all(deliveries.map((delivery) => delivery.stop()));
  deliveries = [];
  await books.close();
  await rm(places, { recursive: true });
});

let warnings: string[] = [];
const quiet = { info: () => {}, warn: (_: object, message: string) => void warnings.push(message) };

function deliver(open: () => Promise<Outlet>, from: 'beginning' | 'now' = 'beginning'): Delivery {
  const delivery = new Delivery({
    name: 'test',
    type: 'test',
    dataDirectory: books.dataDirectory,
    placeFile: join(places, 'test.json'),
    from,
    store: books.store,
    open,
    log: quiet,
    now: () => new Date('2026-11-22T12:00:00Z'),
    pollMilliseconds: 5,
    retryMilliseconds: 5,
    graceMilliseconds: 100,
  });
  deliveries.push(delivery);
  return delivery;
}

/** The other side in memory: it fails as often as it is told to, before or after taking a batch. */
function otherSide(failures: ('before' | 'after' | 'none')[] = []) {
  const arrived: Entry[] = [];
  const open = (): Promise<Outlet> =>
    Promise.resolve({
      write(entries) {
        const failure = failures.shift() ?? 'none';
        if (failure === 'before') return Promise.reject(new Error('away'));
        arrived.push(...entries);
        return failure === 'after'
          ? Promise.reject(new Error('the answer was lost'))
          : Promise.resolve();
      },
      close: () => Promise.resolve(),
    });
  return { arrived, open, ids: () => [...new Set(arrived.map(({ id }) => id))] };
}

const someEntries = (count: number) => Array.from({ length: count }, () => sampleEntry());

test('what is booked is delivered in the order of the journal', async () => {
  const side = otherSide();
  const entries = someEntries(1_200);
  await books.book(entries);
  const delivery = deliver(side.open);
  await vi.waitFor(() => expect(side.arrived).toHaveLength(1_200), 20_000);
  expect(side.ids()).toEqual(entries.map(({ id }) => id));
  const later = sampleEntry();
  await books.book([later]);
  await vi.waitFor(() => expect(side.ids().at(-1)).toBe(later.id), 20_000);
  await vi.waitFor(() =>
    expect(delivery.status()).toMatchObject({
      state: 'running',
      delivered: 1_201,
      behind_bytes: 0,
      last_delivered_at: '2026-11-22T12:00:00.000Z',
      problem: null,
    }),
  );
});

test('however writes fail and processes end, every entry arrives, in order, and none that is not booked', async () => {
  const failure = fc.constantFrom('before' as const, 'after' as const, 'none' as const);
  await fc.assert(
    fc.asyncProperty(fc.array(failure, { maxLength: 3 }), fc.nat(3), async (failures, stops) => {
      await rm(join(places, 'test.json'), { force: true });
      const side = otherSide([...failures]);
      const entries = someEntries(5);
      await books.book(entries);
      const before = (await books.store.summary()).entries;
      for (let stop = 0; stop < stops; stop++) {
        const delivery = deliver(side.open);
        await new Promise((resolve) => setTimeout(resolve, 3));
        await delivery.stop();
      }
      const last = deliver(side.open);
      await vi.waitFor(() => expect(side.ids()).toHaveLength(before), { timeout: 20_000 });
      await last.stop();
      const place = new Map(side.ids().map((id, index) => [id, index]));
      const order = entries.map(({ id }) => place.get(id)!);
      expect(order).toEqual([...order].sort((a, b) => a - b));
    }),
    { numRuns: 12 },
  );
}, 60_000);

test('an entry that stands in the journals twice is delivered once', async () => {
  const side = otherSide();
  const [a, b] = [sampleEntry(), sampleEntry()];
  await books.book([a, b, a]);
  await books.book([b]);
  deliver(side.open);
  const last = sampleEntry();
  await books.book([last]);
  await vi.waitFor(() => expect(side.ids()).toContain(last.id), 20_000);
  expect(side.arrived.map(({ id }) => id)).toEqual([a.id, b.id, last.id]);
});

test('a new outlet may begin with what comes from now on, also after it was away at first', async () => {
  await books.book(someEntries(3));
  const side = otherSide(['before']);
  const first = deliver(side.open, 'now');
  await vi.waitFor(() => access(join(places, 'test.json')));
  await first.stop();
  const entry = sampleEntry();
  await books.book([entry]);
  deliver(side.open, 'now');
  await vi.waitFor(() => expect(side.ids()).toEqual([entry.id]), 20_000);
});

test('a refusal is told, entries wait, and they are delivered when it is put right', async () => {
  let isRight = false;
  const side = otherSide();
  await books.book(someEntries(2));
  const delivery = deliver(() =>
    isRight ? side.open() : Promise.reject(new OutletRefused('no such table')),
  );
  await vi.waitFor(() =>
    expect(delivery.status()).toMatchObject({ state: 'refused', problem: 'no such table' }),
  );
  expect(delivery.status().behind_bytes).toBeGreaterThan(0);
  isRight = true;
  await vi.waitFor(() => expect(side.arrived).toHaveLength(2), 20_000);
});

test('while the other side hangs it is told how much waits, and the end does not wait for it', async () => {
  let closed = 0;
  await books.book(someEntries(3));
  const hanging: Outlet = { write: () => new Promise(() => {}), close: async () => void closed++ };
  const delivery = deliver(() => Promise.resolve(hanging));
  await vi.waitFor(() => expect(delivery.status().behind_bytes).toBeGreaterThan(0));
  await delivery.stop();
  expect(delivery.status()).toMatchObject({ state: 'stopped', delivered: 0 });
  expect(closed).toBe(1);
  const side = otherSide();
  deliver(side.open);
  await vi.waitFor(() => expect(side.arrived).toHaveLength(3), 20_000);
});

test('what retention took while the outlet was out of the configuration is said', async () => {
  await books.book(someEntries(2));
  const positions = [{ journal: 'test', segment: 0, offset: 10 }];
  const place = { positions, delivered: 7, last_delivered_at: null };
  await writeFile(join(places, 'test.json'), JSON.stringify(place));
  warnings = [];
  const side = otherSide();
  deliver(side.open);
  await vi.waitFor(() => expect(side.arrived).toHaveLength(2), 20_000);
  expect(warnings).toEqual([expect.stringContaining('lacks entries')]);
});

test('a place that cannot be read stops the outlet instead of repeating everything', async () => {
  await writeFile(join(places, 'test.json'), '{"positions": [');
  await books.book(someEntries(1));
  const side = otherSide();
  const delivery = deliver(side.open);
  await vi.waitFor(() => expect(delivery.status().problem).toMatch(/cannot be read/));
  expect(side.arrived).toEqual([]);
});
