import {
  parseUsd,
  toCallRow,
  type CallRow,
  type CostFloors,
  type Dimension,
  type Entry,
  type Query,
} from '@farthing/core';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { StoreBench } from '../conformance.js';
import { arbitraryEntries } from './arbitrary-entry.js';
import { batchOf, sampleEntry } from './batches.js';
import { referenceQuery } from './reference-query.js';
import { complete, restatedCalls } from './restating-laws.js';

const byFeatureAndModel: Dimension[] = ['feature', 'model'];

function groupOf({ tags, model }: Entry): (string | null)[] {
  return [tags.feature ?? null, model];
}

/** Floors at the costs of some of the calls, so that equal costs, which are not above, occur. */
function floorsAt(calls: readonly Entry[], picks: readonly number[]): CostFloors {
  const groups = new Map<string, CostFloors['groups'][number]>();
  for (const pick of picks) {
    const call = calls[pick % Math.max(calls.length, 1)];
    if (call === undefined || call.cost.usd === null) continue;
    const values = groupOf(call);
    groups.set(JSON.stringify(values), { values, above_usd: call.cost.usd });
  }
  return { dimensions: byFeatureAndModel, groups: [...groups.values()] };
}

function isAbove(call: Entry, { groups }: CostFloors): boolean {
  const name = JSON.stringify(groupOf(call));
  const floor = groups.find(({ values }) => JSON.stringify(values) === name);
  if (floor === undefined || call.cost.usd === null) return false;
  return parseUsd(call.cost.usd) > parseUsd(floor.above_usd);
}

function byCost(a: Entry, b: Entry): number {
  const difference = parseUsd(b.cost.usd!) - parseUsd(a.cost.usd!);
  if (difference !== 0n) return difference > 0n ? 1 : -1;
  const [x, y] = [a, b].map(({ started_at: at, id }) => `${at} ${id}`) as [string, string];
  return Number(y > x) - Number(y < x);
}

/** What both say of a call: the reason of a status is not part of the table. */
function costOf({ id, cost_usd, cost_input_usd, cost_output_usd, tokens, prompt }: CallRow) {
  return { id, cost_usd, cost_input_usd, cost_output_usd, tokens, prompt };
}

export function floorLaws(bench: StoreBench): void {
  describe('floors of costs', () => {
    test('let through what a call costs after its adjustments, in sums as in lists', async () => {
      await fc.assert(
        fc.asyncProperty(
          arbitraryEntries(60).map(complete),
          fc.array(fc.nat(59), { minLength: 1, maxLength: 8 }),
          async (entries, picks) => {
            const store = await bench.open();
            await store.book(batchOf(entries));
            const calls = restatedCalls(entries).filter(({ kind }) => kind === 'call');
            const above = floorsAt(calls, picks);
            const expected = calls.filter((call) => isAbove(call, above));
            for (const dimensions of [[], byFeatureAndModel] as Dimension[][]) {
              const query: Query = {
                measures: ['calls', 'cost', 'cost_output', 'cost_p50', 'cost_max', 'tokens_input'],
                dimensions,
              };
              const { rows } = await store.query({ ...query, above });
              expect(rows).toEqual(referenceQuery(expected, query));
            }
            const found = await store.calls({ order: 'dearest', limit: 1000, above });
            expect(found.map(costOf)).toEqual(expected.toSorted(byCost).map(toCallRow).map(costOf));
            const first = await store.calls({ order: 'dearest', limit: 2, above });
            expect(first).toEqual(found.slice(0, 2));
            await store.close();
          },
        ),
        { numRuns: 12 },
      );
    });

    test('hold within windows and filters; no group, no call', async () => {
      const store = await bench.open();
      const early = sampleEntry({ started_at: '2026-03-01T10:00:00.000Z' });
      const late = sampleEntry({ started_at: '2026-03-02T10:00:00.000Z', tags: {} });
      await store.book(batchOf([early, late]));
      const above: CostFloors = { dimensions: [], groups: [{ values: [], above_usd: '0' }] };
      const ids = async (changes: object) =>
        (await store.calls({ order: 'dearest', limit: 9, above, ...changes })).map(({ id }) => id);
      const window = { from: '2026-03-02T00:00:00.000Z', to: '2026-03-03T00:00:00.000Z' };
      expect(await ids({})).toEqual([late.id, early.id]);
      expect(await ids({ window })).toEqual([late.id]);
      expect(
        await ids({ filters: [{ dimension: 'feature', op: 'not_in', values: [null] }] }),
      ).toEqual([early.id]);
      expect(await ids({ above: { dimensions: [], groups: [] } })).toEqual([]);
    });

    test('that cannot be met are refused with a reason', async () => {
      const store = await bench.open();
      const refused = { code: 'invalid_query' };
      const ask = (above: CostFloors, changes: object = {}) =>
        store.calls({ order: 'dearest', limit: 1, above, ...changes });
      const group = { values: ['a'], above_usd: '1' };
      await expect(ask({ dimensions: [], groups: [group] })).rejects.toMatchObject(refused);
      await expect(
        ask({ dimensions: ['feature'], groups: [group, { ...group, above_usd: '2' }] }),
      ).rejects.toMatchObject(refused);
      await expect(
        ask(
          { dimensions: ['feature'], groups: [group] },
          { after: { started_at: '2026-03-01T10:00:00.000Z', id: crypto.randomUUID() } },
        ),
      ).rejects.toMatchObject(refused);
      await expect(
        ask({ dimensions: ['feature'], groups: [{ ...group, above_usd: 'much' }] }),
      ).rejects.toMatchObject({ code: 'invalid_amount' });
    });
  });
}
