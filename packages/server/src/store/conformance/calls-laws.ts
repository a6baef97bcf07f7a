import { toCallRow, type CallRow, type Entry } from '@farthing/core';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { StoreBench } from '../conformance.js';
import type { CallSearch, Store } from '../store.js';
import { arbitraryEntries, hostileTexts } from './arbitrary-entry.js';
import { batchOf, sampleEntry } from './batches.js';

const id = ({ id: text }: CallRow): string => text;
const byText = (a: string, b: string): number => Number(a > b) - Number(a < b);
const byTime = (a: CallRow, b: CallRow): number =>
  byText(a.started_at, b.started_at) || byText(a.id, b.id);
const picodollars = ({ cost }: Entry): bigint | null => {
  if (cost.usd === null) return null;
  const [whole = '0', fraction = ''] = cost.usd.split('.');
  return BigInt(whole + fraction.padEnd(12, '0'));
};

async function allPages(
  store: Store,
  order: CallSearch['order'],
  limit: number,
): Promise<CallRow[]> {
  const rows: CallRow[] = [];
  for (;;) {
    const last = rows.at(-1);
    const page = await store.calls({
      order,
      limit,
      ...(last === undefined ? {} : { after: { started_at: last.started_at, id: last.id } }),
    });
    rows.push(...page);
    if (page.length < limit) return rows;
  }
}

export function callsLaws(bench: StoreBench): void {
  describe('calls', () => {
    test('a call comes back as `toCallRow` gives it, from the list and by its id', async () => {
      await fc.assert(
        fc.asyncProperty(arbitraryEntries(30), async (entries) => {
          const store = await bench.open();
          await store.book(batchOf(entries));
          const rows = await store.calls({ order: 'oldest', limit: 1000 });
          expect(rows).toEqual(entries.map(toCallRow).sort(byTime));
          for (const [index, entry] of entries.entries()) {
            expect(await store.call(entry.id)).toEqual({
              row: toCallRow(entry),
              position: { journal: 'gateway', segment: 1, offset: index * 1000 },
            });
          }
          await store.close();
        }),
        { numRuns: 8 },
      );
    });

    test('an unknown id is null, and so is what is no id', async () => {
      const store = await bench.open();
      expect(await store.call(crypto.randomUUID())).toBeNull();
      expect(await store.call(`' OR 1=1 --`)).toBeNull();
    });

    test('pages neither skip nor repeat a call, in any order and page size', async () => {
      await fc.assert(
        fc.asyncProperty(
          arbitraryEntries(40),
          fc.integer({ min: 1, max: 15 }),
          async (entries, limit) => {
            // Many calls of one moment and one cost, so that only the id can tell them apart.
            const crowd = entries.map((entry, index) =>
              index % 2 === 0 ? entry : { ...entry, started_at: '2026-03-01T00:00:00.000Z' },
            );
            const store = await bench.open();
            await store.book(batchOf(crowd));
            const rows = crowd.map(toCallRow).sort(byTime);
            expect(await allPages(store, 'oldest', limit)).toEqual(rows);
            expect(await allPages(store, 'newest', limit)).toEqual(rows.toReversed());

            const cost = new Map(crowd.map((entry) => [entry.id, picodollars(entry)]));
            const dearest = rows.toReversed().sort((a, b) => {
              const [x, y] = [cost.get(a.id) ?? null, cost.get(b.id) ?? null];
              if (x === null || y === null) return Number(x === null) - Number(y === null);
              return Number(y > x) - Number(y < x);
            });
            expect((await allPages(store, 'dearest', limit)).map(id)).toEqual(dearest.map(id));
            await store.close();
          },
        ),
        { numRuns: 10 },
      );
    });

    test('windows and filters narrow the list as they narrow a query', async () => {
      const store = await bench.open();
      const search = sampleEntry({ started_at: '2026-03-01T10:00:00.000Z' });
      const none = sampleEntry({ started_at: '2026-03-01T11:00:00.000Z', tags: {} });
      const chat = sampleEntry({
        started_at: '2026-03-01T12:00:00.000Z',
        tags: { feature: 'chat' },
      });
      await store.book(batchOf([search, none, chat]));
      const ids = async (changes: Partial<CallSearch>) =>
        (await store.calls({ order: 'oldest', limit: 10, ...changes })).map(id);
      const feature = { dimension: 'feature' as const };
      const window = { from: '2026-03-01T10:00:00.000Z', to: '2026-03-01T12:00:00.000Z' };
      expect(await ids({ window })).toEqual([search.id, none.id]);
      expect(await ids({ filters: [{ ...feature, op: 'in', values: [null] }] })).toEqual([none.id]);
      expect(await ids({ filters: [{ ...feature, op: 'in', values: ['chat', null] }] })).toEqual([
        none.id,
        chat.id,
      ]);
      expect(await ids({ filters: [{ ...feature, op: 'not_in', values: ['chat'] }] })).toEqual([
        search.id,
        none.id,
      ]);
      expect(
        await ids({ filters: [{ ...feature, op: 'not_in', values: [null] }], window }),
      ).toEqual([search.id]);
    });

    test('a bad search is refused with a reason', async () => {
      const store = await bench.open();
      const refused = { code: 'invalid_query' };
      await expect(store.calls({ order: 'newest', limit: 1001 })).rejects.toMatchObject(refused);
      await expect(store.calls({ order: 'newest', limit: 0.5 })).rejects.toMatchObject(refused);
      await expect(store.calls({ order: 'cheapest' as 'dearest', limit: 1 })).rejects.toMatchObject(
        refused,
      );
      await expect(
        store.calls({ order: 'newest', limit: 1, after: { started_at: 'x', id: 'y' } }),
      ).rejects.toMatchObject(refused);
    });

    test('`locate` names the journal line of each booked id and leaves out the others', async () => {
      const store = await bench.open();
      const entries = [sampleEntry(), sampleEntry(), sampleEntry()];
      await store.book(batchOf(entries, { journal: 'sdk', segment: 4 }));
      const asked = [entries[2]!.id, crypto.randomUUID(), entries[0]!.id.toUpperCase(), 'no id'];
      expect(await store.locate(asked)).toEqual(
        new Map([
          [entries[2]!.id, { journal: 'sdk', segment: 4, offset: 2000 }],
          [entries[0]!.id.toUpperCase(), { journal: 'sdk', segment: 4, offset: 0 }],
        ]),
      );
      expect(await store.locate([])).toEqual(new Map());
      const tooMany = Array.from({ length: 10_001 }, () => 'x');
      await expect(store.locate(tooMany)).rejects.toMatchObject({ code: 'invalid_query' });
    });

    test('`tagKeys` lists the custom keys of a window, sorted', async () => {
      const store = await bench.open();
      const at = (hour: string, keys: readonly string[]): Entry =>
        sampleEntry({
          started_at: `2026-03-01T${hour}:30:00.000Z`,
          tags: { custom: Object.fromEntries(keys.map((key) => [key, 'value'])) },
        });
      await store.book(batchOf([at('10', ['team', 'b']), at('11', hostileTexts), at('12', ['z'])]));
      const window = { from: '2026-03-01T10:00:00.000Z', to: '2026-03-01T10:31:00.000Z' };
      expect(await store.tagKeys(window)).toEqual(['b', 'team']);
      expect(new Set(await store.tagKeys())).toEqual(new Set(['b', 'team', 'z', ...hostileTexts]));
      expect(await store.tagKeys({ from: window.to, to: window.to })).toEqual([]);
    });
  });
}
