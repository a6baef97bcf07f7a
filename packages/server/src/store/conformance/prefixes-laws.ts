import fc from 'fast-check';
import type { Entry, PromptPrefixes } from '@farthing/core';
import { expect, test } from 'vitest';
import type { StoreBench } from '../conformance.js';
import { batchOf, sampleEntry } from './batches.js';

const window = { from: '2026-03-01T00:00:00.000Z', to: '2026-03-02T00:00:00.000Z' };

const key = fc.stringMatching(/^[A-Za-z0-9_-]{8}$/);
const prefixes: fc.Arbitrary<PromptPrefixes> = fc
  .array(fc.tuple(key, fc.integer({ min: 512, max: 200_000 })), { minLength: 1, maxLength: 20 })
  .chain((marks) =>
    fc.record(
      {
        keys: fc.constant(marks.map(([name]) => name)),
        tokens: fc.constant(marks.map(([, tokens]) => tokens).toSorted((a, b) => a - b)),
        head: fc.integer({ min: 1, max: marks.length }),
        calls: fc.integer({ min: 0, max: 64 }),
        repeated: fc.integer({ min: 0, max: 100_000 }),
      },
      { requiredKeys: ['keys', 'tokens', 'head'] },
    ),
  );

/** How prompts begin comes back as it was recorded. */
export function prefixesLaws(bench: StoreBench): void {
  const called = (minute: number, changes: Partial<Entry> = {}): Entry => {
    const at = new Date(Date.parse(window.from) + minute * 60_000).toISOString();
    return sampleEntry({
      id: `00000000-0000-4000-8000-${String(minute).padStart(12, '0')}`,
      started_at: at,
      ended_at: at,
      ...changes,
    });
  };

  test('prefixes come back whole, in the order of their calls, with the calls’ dimensions', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.option(prefixes), { maxLength: 12 }), async (all) => {
        const store = await bench.open();
        const entries = all.map((own, index) => {
          const tags = { feature: `feature-${index % 3}` };
          return called(index, own === null ? { tags } : { tags, prefixes: own });
        });
        if (entries.length > 0) await store.book(batchOf(entries.toReversed()));
        const found = await store.prefixes({ window, dimensions: ['feature'], limit: 1_000 });
        expect(found).toEqual(
          entries
            .filter((entry) => entry.prefixes !== undefined)
            .map((entry) => ({
              at: Date.parse(entry.started_at),
              group: { feature: entry.tags.feature },
              provider: entry.provider,
              model: entry.model,
              input: 1_000,
              prefixes: entry.prefixes,
            })),
        );
        await store.close();
      }),
      { numRuns: 5 },
    );
  });

  test('a search keeps to its window, its filters and its limit, the earliest first', async () => {
    const store = await bench.open();
    const own: PromptPrefixes = { keys: ['hT3kq0Zx'], tokens: [900], head: 1 };
    const entries = [0, 1, 2, 3, 1_441].map((minute) =>
      called(minute, { prefixes: own, tags: { feature: minute === 1 ? 'chat' : 'search' } }),
    );
    await store.book(batchOf(entries));
    const minutes = async (changes: object) =>
      (await store.prefixes({ window, dimensions: [], limit: 10, ...changes })).map(
        ({ at }) => (at - Date.parse(window.from)) / 60_000,
      );
    expect(await minutes({})).toEqual([0, 1, 2, 3]);
    expect(await minutes({ limit: 2 })).toEqual([0, 1]);
    const filters = [{ dimension: 'feature', op: 'in', values: ['search'] }];
    expect(await minutes({ filters })).toEqual([0, 2, 3]);
    await expect(store.prefixes({ window, dimensions: [], limit: 0 })).rejects.toThrow('limit');
    await store.close();
  });

  test('of one conversation in two, all calls are found or none', async () => {
    const store = await bench.open();
    const heads = ['AAAAAAAA', 'AAAABAAA', 'zzzzzzzz', 'hT3kq0Zx', 'hT3kr0Zx'];
    const entries = heads.flatMap((head, index) =>
      [0, 1].map((turn) =>
        called(index * 2 + turn, {
          prefixes: {
            keys: [head, `turn${index}${turn}00`.slice(0, 8)],
            tokens: [600, 900],
            head: 1,
          },
        }),
      ),
    );
    await store.book(batchOf(entries));
    const found = await store.prefixes({ window, dimensions: [], limit: 100, one_in: 2 });
    const calls = heads.map(
      (head) => found.filter(({ prefixes: { keys } }) => keys[0] === head).length,
    );
    expect(calls.toSorted()).toEqual(expect.arrayContaining([0, 2]));
    expect(calls.every((count) => count === 0 || count === 2)).toBe(true);
    await store.close();
  });

  test('prefixes that make no sense are left out, and their call is booked', async () => {
    const store = await bench.open();
    const odd = { keys: ['hT3kq0Zx'], tokens: [900, 1], head: 4 };
    await store.book(batchOf([called(0, { prefixes: odd })]));
    expect(await store.prefixes({ window, dimensions: [], limit: 10 })).toEqual([]);
    expect((await store.query({ measures: ['calls'] })).rows).toEqual([{ calls: 1 }]);
    await store.close();
  });
}
