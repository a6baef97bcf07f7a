import {
  comparedEstimate,
  parseUsd,
  recordedAt,
  restate,
  toCallRow,
  type Entry,
  type Measure,
  type Query,
  type QueryRow,
} from '@farthing/core';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { StoreBench } from '../conformance.js';
import type { Store } from '../store.js';
import { arbitraryEntries, epoch } from './arbitrary-entry.js';
import { arbitraryQuery } from './arbitrary-query.js';
import { batchOf, sampleEntry } from './batches.js';
import { referenceQuery } from './reference-query.js';

const day = 86_400_000;

/** Everything but what is about the adjustments themselves. */
const restatedMeasures: Measure[] = [
  'calls',
  'errors',
  'retries',
  'unpriced_calls',
  'unattributed_calls',
  'cost',
  'cost_input_uncached',
  'cost_cache_read',
  'cost_cache_write',
  'cost_output',
  'cost_other',
  'list_cost',
  'unattributed_cost',
  'retries_cost',
  'cost_average',
  'cost_min',
  'cost_max',
  'cost_p50',
  'cost_p95',
  'tokens_input',
  'tokens_output',
  'tokens_reasoning',
  'duration_average',
  'estimated_calls',
  'estimated_tokens_input',
  'compared_tokens_input',
  'compared_tokens_output',
  'compared_calls',
  'estimated_cost',
  'compared_cost',
  'drifted_calls',
  'prompt_calls',
  'prompt_history',
];

/** The calls as they would have been booked if all had been known at once. */
export function restatedCalls(entries: readonly Entry[]): Entry[] {
  return entries
    .filter(({ adjusts }) => adjusts == null || adjusts.entry === null)
    .map((entry) => {
      const adjustments = entries.filter(({ adjusts }) => adjusts?.entry === entry.id);
      const restated = { ...entry, ...restate(entry, adjustments) };
      return comparedEstimate(entry) === null ? withoutEstimate(restated) : counted(restated);
    });
}

/** Whether a call is compared with its estimate is settled when it is booked. */
function withoutEstimate({ estimate: _estimate, ...entry }: Entry): Entry {
  return entry;
}

function counted(entry: Entry): Entry {
  return { ...entry, usage: entry.usage === null ? null : { ...entry.usage, estimated: false } };
}

/** Entries whose call is among them: what a repricing leaves behind. */
export function complete(entries: readonly Entry[]): Entry[] {
  const ids = new Set(entries.filter(({ kind }) => kind === 'call').map(({ id }) => id));
  return entries.filter(({ adjusts }) => adjusts?.entry == null || ids.has(adjusts.entry));
}

export function restatingLaws(bench: StoreBench): void {
  describe('restating', () => {
    const filled = async (entries: readonly Entry[]): Promise<Store> => {
      const store = await bench.open();
      const size = Math.max(1, Math.ceil(entries.length / 3));
      for (let start = 0; start < entries.length; start += size) {
        await store.book(batchOf(entries.slice(start, start + size), { offset: start * 1000 }));
      }
      return store;
    };

    test('calls and their adjustments give what the restated calls would give', async () => {
      await fc.assert(
        fc.asyncProperty(arbitraryEntries(80).map(complete), async (entries) => {
          const store = await filled(entries);
          const restated = restatedCalls(entries);
          for (const dimensions of [[], ['feature'], ['provider', 'model']] as const) {
            const query: Query = { measures: restatedMeasures, dimensions: [...dimensions] };
            expect((await store.query(query)).rows).toEqual(referenceQuery(restated, query));
          }
          await store.close();
        }),
        { numRuns: 10 },
      );
    });

    test('what was known at a time stays what it was, whatever is recorded later', async () => {
      await fc.assert(
        fc.asyncProperty(
          arbitraryEntries(80),
          fc.integer({ min: -3 * day, max: 12 * day }),
          fc.array(arbitraryQuery, { minLength: 8, maxLength: 8 }),
          async (entries, offset, queries) => {
            const asOf = new Date(epoch + offset).toISOString();
            const early = entries.filter((entry) => recordedAt(entry) <= asOf);
            const late = entries.filter((entry) => recordedAt(entry) > asOf);
            const store = await filled(early);
            const then: QueryRow[][] = [];
            for (const { as_of: _asOf, ...query } of queries) {
              then.push((await store.query(query)).rows);
            }
            await store.book(batchOf(late, { journal: 'control' }));
            for (const [index, query] of queries.entries()) {
              const { rows } = await store.query({ ...query, as_of: asOf });
              expect(rows).toEqual(then[index]);
            }
            await store.close();
          },
        ),
        { numRuns: 10 },
      );
    });

    test('a call that waited for its price has the cost of its adjustment', async () => {
      const { cost } = sampleEntry();
      const waiting = sampleEntry({ cost: { usd: null, status: 'unknown_model', charges: [] } });
      const adjustment: Entry = {
        ...waiting,
        id: crypto.randomUUID(),
        kind: 'adjustment',
        source: 'reprice',
        recorded_at: '2026-03-20T00:00:00.000Z',
        usage: null,
        cost,
        adjusts: {
          entry: waiting.id,
          number: 1,
          cause: 'price',
          reason: 'the model is listed now',
          by: 'ada',
          status_before: 'unknown_model',
          status_after: 'priced',
          usd_before: null,
          usd_after: cost.usd,
        },
      };
      const store = await filled([waiting]);
      const query: Query = {
        measures: ['calls', 'unpriced_calls', 'cost', 'cost_p50', 'cost_average', 'adjustments'],
        dimensions: ['model', 'cost_status'],
      };
      const place = { model: waiting.model, cost_status: 'unknown_model', calls: 1 };
      const before = [
        {
          ...place,
          unpriced_calls: 1,
          cost: null,
          cost_p50: null,
          cost_average: null,
          adjustments: 0,
        },
      ];
      expect((await store.query(query)).rows).toEqual(before);
      await store.book(batchOf([adjustment], { journal: 'control' }));
      expect((await store.query(query)).rows).toEqual([
        {
          ...place,
          unpriced_calls: 0,
          cost: cost.usd,
          cost_p50: cost.usd,
          cost_average: cost.usd,
          adjustments: 1,
        },
      ]);
      const dayBefore = { ...query, as_of: '2026-03-19T00:00:00.000Z' };
      expect((await store.query(dayBefore)).rows).toEqual(before);
      expect((await store.query({ ...query, as_of: adjustment.recorded_at! })).rows).not.toEqual(
        before,
      );
    });

    test('adjustments by themselves are differences, never an unknown sum', async () => {
      const entries = complete(
        fc.sample(arbitraryEntries(200), { seed: 3, numRuns: 1 })[0] as Entry[],
      );
      const store = await filled(entries);
      const query: Query = {
        measures: ['cost', 'adjusted_cost'],
        filters: [{ dimension: 'source', op: 'in', values: ['reprice'] }],
      };
      const [row] = (await store.query(query)).rows;
      expect(row!['cost']).not.toBeNull();
      expect(row!['cost']).toBe(row!['adjusted_cost']);
    });

    test('a time that is none is refused with a reason', async () => {
      const store = await bench.open();
      await expect(store.query({ measures: ['cost'], as_of: 'closed' })).rejects.toMatchObject({
        code: 'invalid_window',
      });
    });

    test('`recorded` explains to the picodollar how two answers as known at a time differ', async () => {
      await fc.assert(
        fc.asyncProperty(
          arbitraryEntries(80),
          fc.tuple(
            fc.integer({ min: -3 * day, max: 4 * day }),
            fc.integer({ min: 0, max: 9 * day }),
          ),
          async (entries, [offset, length]) => {
            const store = await filled(entries);
            const window = {
              from: new Date(epoch).toISOString(),
              to: new Date(epoch + 2 * day).toISOString(),
            };
            const after = new Date(epoch + offset).toISOString();
            const until = new Date(epoch + offset + length).toISOString();
            const cost = async (as_of: string): Promise<string | null> =>
              (await store.query({ measures: ['cost'], window, as_of })).rows[0]!['cost'] as
                | string
                | null;
            const recorded = await store.recorded(window, { after, until });
            const explained = recorded.reduce((total, { cost }) => total + parseUsd(cost), 0n);
            const [before, now] = [await cost(after), await cost(until)];
            if (before !== null && now !== null) {
              expect(explained).toBe(parseUsd(now) - parseUsd(before));
            }
            const booked = entries.filter(
              (entry) =>
                entry.started_at >= window.from &&
                entry.started_at < window.to &&
                recordedAt(entry) > after &&
                recordedAt(entry) <= until,
            );
            expect(recorded.reduce((total, row) => total + row.entries, 0)).toBe(booked.length);
            for (const { cause } of recorded) expect([null, 'price', 'manual']).toContain(cause);
            await store.close();
          },
        ),
        { numRuns: 8 },
      );
    });

    test('`adjustments` finds those of each entry, in the order of their recording', async () => {
      await fc.assert(
        fc.asyncProperty(arbitraryEntries(60), async (entries) => {
          const store = await filled(entries);
          const found = await store.adjustments([
            ...entries.map(({ id }) => id.toUpperCase()),
            'no id',
          ]);
          const expected = new Map<string, string[]>();
          for (const row of entries.map(toCallRow).sort(byRecording)) {
            if (row.adjusts === null || !entries.some(({ id }) => id === row.adjusts)) continue;
            const key = row.adjusts.toUpperCase();
            expected.set(key, [...(expected.get(key) ?? []), row.id]);
          }
          expect(
            new Map([...found].map(([id, rows]) => [id, rows.map(({ row }) => row.id)])),
          ).toEqual(expected);
          for (const { row, position } of [...found.values()].flat()) {
            expect(await store.call(row.id)).toEqual({ row, position });
          }
          await store.close();
        }),
        { numRuns: 6 },
      );
    });

    test('`locate` and `adjustments` look only at the window they are given', async () => {
      const inside = sampleEntry();
      const outside = sampleEntry({ started_at: '2026-03-02T14:05:06.789Z' });
      const store = await filled([inside, outside]);
      const window = { from: '2026-03-01T00:00:00.000Z', to: '2026-03-02T00:00:00.000Z' };
      const ids = [inside.id, outside.id];
      expect([...(await store.locate(ids, window)).keys()]).toEqual([inside.id]);
      expect(await store.adjustments(ids, window)).toEqual(new Map());
      const tooMany = Array.from({ length: 10_001 }, () => 'x');
      await expect(store.adjustments(tooMany)).rejects.toMatchObject({ code: 'invalid_query' });
    });
  });
}

const byRecording = (a: ReturnType<typeof toCallRow>, b: ReturnType<typeof toCallRow>): number =>
  a.recorded_at === b.recorded_at
    ? Number(a.id > b.id) - Number(a.id < b.id)
    : Number(a.recorded_at > b.recorded_at) - Number(a.recorded_at < b.recorded_at);
