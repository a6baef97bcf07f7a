import { measures, type Entry, type Query } from '@farthing/core';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { StoreBench } from '../conformance.js';
import type { Store } from '../store.js';
import { arbitraryEntries, hostileTexts } from './arbitrary-entry.js';
import { arbitraryQuery, arbitraryRollupQuery } from './arbitrary-query.js';
import { batchOf, sampleEntry } from './batches.js';
import { referenceQuery } from './reference-query.js';

const expectMatch = async (store: Store, entries: readonly Entry[], query: Query) => {
  const { rows, truncated } = await store.query(query);
  expect(rows).toEqual(referenceQuery(entries, query));
  const untruncated = referenceQuery(entries, { ...query, limit: 100_000 });
  expect(truncated).toBe(untruncated.length > rows.length);
};

export function queryLaws(bench: StoreBench): void {
  describe('queries', () => {
    /** Books in several batches, so that roll-ups are merged and not only written. */
    const filled = async (entries: readonly Entry[]): Promise<Store> => {
      const store = await bench.open();
      const size = Math.max(1, Math.ceil(entries.length / 4));
      for (let start = 0; start < entries.length; start += size) {
        await store.book(batchOf(entries.slice(start, start + size), { offset: start * 1000 }));
      }
      return store;
    };

    test('any query over any calls gives what counting them one by one gives', async () => {
      await fc.assert(
        fc.asyncProperty(
          arbitraryEntries(120),
          fc.array(arbitraryQuery, { minLength: 12, maxLength: 12 }),
          async (entries, queries) => {
            const store = await filled(entries);
            for (const query of queries) await expectMatch(store, entries, query);
            await store.close();
          },
        ),
        { numRuns: 8 },
      );
    });

    test('sums from roll-ups equal the calls exactly, in windows that cut hours too', async () => {
      await fc.assert(
        fc.asyncProperty(
          arbitraryEntries(120),
          fc.array(arbitraryRollupQuery, { minLength: 12, maxLength: 12 }),
          async (entries, queries) => {
            const store = await filled(entries);
            for (const query of queries) await expectMatch(store, entries, query);
            await store.close();
          },
        ),
        { numRuns: 8 },
      );
    });

    test('sums and runs by what became of the runs are those of counting one by one', async () => {
      await fc.assert(
        fc.asyncProperty(
          arbitraryEntries(80),
          fc.array(arbitraryRollupQuery, { minLength: 6, maxLength: 6 }),
          async (entries, queries) => {
            const store = await filled(entries);
            for (const { dimensions = [], order: _, ...query } of queries) {
              const asked: Query = {
                ...query,
                measures: ['runs', 'calls', ...query.measures.filter((name) => name !== 'calls')],
              };
              await expectMatch(store, entries, {
                ...asked,
                dimensions: ['run_outcome', ...dimensions],
              });
              const known = {
                dimension: 'run_outcome',
                op: 'in',
                values: ['success', 'failure'],
              } as const;
              await expectMatch(store, entries, {
                ...asked,
                dimensions,
                filters: [...(asked.filters ?? []), { ...known, values: [...known.values] }],
              });
            }
            await store.close();
          },
        ),
        { numRuns: 4 },
      );
    });

    test('several queries at once give what each of them gives alone', async () => {
      await fc.assert(
        fc.asyncProperty(
          arbitraryEntries(80),
          fc.array(arbitraryRollupQuery, { minLength: 2, maxLength: 2 }),
          fc.constantFrom('run', 'session'),
          async (entries, queries, owner) => {
            const store = await filled(entries);
            for (const { dimensions = [], order: _, ...query } of queries) {
              const carrying = { dimension: owner, op: 'not_in', values: [null] } as const;
              const scope = {
                ...query,
                filters: [...(query.filters ?? []), { ...carrying, values: [null] }],
              };
              const count = owner === 'run' ? 'runs' : 'sessions';
              const outcome = owner === 'run' ? (['run_outcome'] as const) : [];
              const asked: Query[] = [
                { ...scope, dimensions: [owner] },
                { ...scope, measures: ['cost'], dimensions: [owner, ...outcome], limit: 2 },
                { ...scope, measures: [count, 'cost', 'calls'], dimensions: [...dimensions] },
                {
                  ...scope,
                  measures: ['calls', count],
                  dimensions: [...outcome, ...dimensions.toReversed()],
                },
                { ...scope, measures: [count, 'cost_per_1k_calls'], dimensions: [...outcome] },
                { ...scope, measures: [count] },
                // What no sum of runs can tell, or is of other calls, is answered beside them.
                { ...scope, measures: ['cost_p50', 'users'], dimensions: [owner] },
                { ...query, measures: ['calls', count], dimensions: ['model'] },
              ];
              const results = await store.queryAll(asked);
              expect(results).toHaveLength(asked.length);
              for (const [index, { rows, truncated }] of results.entries()) {
                expect(rows).toEqual(referenceQuery(entries, asked[index]!));
                expect({ rows, truncated }).toEqual({
                  rows: (await store.query(asked[index]!)).rows,
                  truncated: (await store.query(asked[index]!)).truncated,
                });
              }
            }
            await store.close();
          },
        ),
        { numRuns: 4 },
      );
    });

    test('several queries of one store at a time do not see each other', async () => {
      const store = await filled(
        ['a', 'b', 'b'].map((run) => sampleEntry({ tags: { run, session: `of-${run}` } })),
      );
      const counted = (owner: 'run' | 'session'): Query[] => {
        const filters: Query['filters'] = [{ dimension: owner, op: 'not_in', values: [null] }];
        return [
          { measures: ['calls'], dimensions: [owner], filters },
          { measures: [owner === 'run' ? 'runs' : 'sessions'], filters },
        ];
      };
      const [runs, sessions, again] = await Promise.all([
        store.queryAll(counted('run')),
        store.queryAll(counted('session')),
        store.queryAll(counted('run')),
      ]);
      expect(runs.map(({ rows }) => rows)).toEqual([
        [
          { run: 'b', calls: 2 },
          { run: 'a', calls: 1 },
        ],
        [{ runs: 2 }],
      ]);
      expect(sessions[0]!.rows.map((row) => row['session'])).toEqual(['of-b', 'of-a']);
      expect(again).toEqual(runs);
      await expect(store.queryAll([...counted('run'), { measures: [] }])).rejects.toMatchObject({
        code: 'invalid_query',
      });
      expect(await store.queryAll([])).toEqual([]);
      expect(await store.queryAll(counted('run'))).toEqual(runs);
    });

    test('every measure at once, in one group and over nothing', async () => {
      await fc.assert(
        fc.asyncProperty(arbitraryEntries(60), async (entries) => {
          const store = await filled(entries);
          const all = { measures: [...measures] };
          await expectMatch(store, entries, all);
          const nothing = { ...all, filters: [{ dimension: 'model', op: 'in', values: [] }] };
          await expectMatch(store, entries, nothing as Query);
          await expectMatch(store, entries, { ...(nothing as Query), dimensions: ['feature'] });
          await store.close();
        }),
        { numRuns: 6 },
      );
    });

    test('a percentile is the cost of a call, by nearest rank, and leaves out unpriced calls', async () => {
      const priced = Array.from({ length: 20 }, (_, index) =>
        sampleEntry({
          cost: {
            ...sampleEntry().cost,
            usd: `0.${String(index + 1).padStart(2, '0')}`,
            charges: [],
          },
        }),
      );
      const unpriced = sampleEntry({ cost: { usd: null, status: 'unknown_model', charges: [] } });
      const store = await filled([...priced, unpriced]);
      const { rows } = await store.query({
        measures: [
          'cost_p50',
          'cost_p90',
          'cost_p95',
          'cost_p99',
          'cost_average',
          'unpriced_calls',
        ],
      });
      expect(rows).toEqual([
        {
          cost_p50: '0.1',
          cost_p90: '0.18',
          cost_p95: '0.19',
          cost_p99: '0.2',
          cost_average: '0.105',
          unpriced_calls: 1,
        },
      ]);
    });

    test('windows are half-open to the millisecond', async () => {
      const store = await filled(
        ['13:59:59.999', '14:00:00.000', '14:59:59.999', '15:00:00.000', '15:00:00.001'].map(
          (time) => sampleEntry({ started_at: `2026-03-01T${time}Z` }),
        ),
      );
      const callsIn = async (from: string, to: string) => {
        const window = { from: `2026-03-01T${from}Z`, to: `2026-03-01T${to}Z` };
        return (await store.query({ measures: ['calls'], window })).rows[0]?.['calls'];
      };
      expect(await callsIn('14:00:00.000', '15:00:00.000')).toBe(2);
      expect(await callsIn('13:59:59.999', '15:00:00.001')).toBe(4);
      expect(await callsIn('14:00:00.001', '14:59:59.999')).toBe(0);
      expect(await callsIn('15:00:00.000', '14:00:00.000')).toBe(0);
    });

    test('buckets begin at UTC boundaries and weeks on Monday', async () => {
      const store = await filled([sampleEntry({ started_at: '2026-03-01T23:59:59.999Z' })]);
      const starts: unknown[] = [];
      for (const bucket of ['minute', 'hour', 'day', 'week', 'month'] as const) {
        const { rows } = await store.query({ measures: ['calls'], bucket });
        starts.push(rows);
      }
      expect(starts).toEqual(
        [
          '2026-03-01T23:59',
          '2026-03-01T23:00',
          '2026-03-01T00:00',
          '2026-02-23T00:00',
          '2026-03-01T00:00',
        ].map((start) => [{ bucket: `${start}:00.000Z`, calls: 1 }]),
      );
    });

    test('hostile texts are values like any other, as tags, keys and filters', async () => {
      const entries = hostileTexts.map((text) =>
        sampleEntry({ model: text, tags: { feature: text, custom: { [text]: text } } }),
      );
      const store = await filled(entries);
      for (const text of hostileTexts) {
        for (const dimension of ['feature', 'model', `tag:${text}`] as const) {
          const { rows } = await store.query({
            measures: ['calls'],
            dimensions: [dimension],
            filters: [{ dimension, op: 'in', values: [text] }],
          });
          expect(rows).toEqual([{ [dimension]: text, calls: 1 }]);
        }
      }
      expect((await store.query({ measures: ['calls'] })).rows).toEqual([
        { calls: hostileTexts.length },
      ]);
    });

    test.each([
      ['no measure', { measures: [] }, 'invalid_query'],
      ['an unknown measure', { measures: ['price'] }, 'unknown_measure'],
      ['an unknown dimension', { measures: ['cost'], dimensions: ['id; --'] }, 'unknown_dimension'],
      [
        'a dimension like an object’s own',
        { measures: ['cost'], dimensions: ['constructor'] },
        'unknown_dimension',
      ],
      ['a nameless custom tag', { measures: ['cost'], dimensions: ['tag:'] }, 'unknown_dimension'],
      ['an unknown bucket', { measures: ['cost'], bucket: 'year' }, 'unknown_bucket'],
      [
        'a window that is no time',
        { measures: ['cost'], window: { from: 'x', to: 'y' } },
        'invalid_window',
      ],
      [
        'order by what is not there',
        { measures: ['cost'], order: [{ by: 'calls', direction: 'asc' }] },
        'invalid_query',
      ],
      ['a limit of nothing', { measures: ['cost'], limit: 0 }, 'invalid_query'],
      ['a limit without end', { measures: ['cost'], limit: 1e9 }, 'invalid_query'],
    ])('%s is refused with a reason', async (_, query, code) => {
      const store = await bench.open();
      await expect(store.query(query as unknown as Query)).rejects.toMatchObject({ code });
    });

    test('says when rows were cut off', async () => {
      const store = await filled(
        ['a', 'b', 'c'].map((feature) => sampleEntry({ tags: { feature } })),
      );
      const query: Query = { measures: ['calls'], dimensions: ['feature'] };
      expect(await store.query({ ...query, limit: 2 })).toMatchObject({
        rows: [{ feature: 'a' }, { feature: 'b' }],
        truncated: true,
      });
      expect(await store.query({ ...query, limit: 3 })).toMatchObject({ truncated: false });
    });
  });
}
