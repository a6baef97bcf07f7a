import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SpendRecord, type RecentCall } from './spend-record.js';
import {
  periodsOf,
  recentOf,
  stateOfRecent,
  type SpendRows,
  type SpendState,
} from './spend-state.js';
import { callAt, noon, type CallShape } from './traffic.fixture.js';

const minute = 60_000;

const call = fc.record({
  /** Calls come late as well. */
  minutes: fc.integer({ min: -600, max: 5_000 }),
  shape: fc.record<CallShape>({
    output: fc.integer({ min: 0, max: 100_000 }),
    rate: fc.constantFrom(1, 10, 30),
    model: fc.constantFrom('gpt-5', 'gpt-5-mini'),
    template: fc.constantFrom('v6', 'v7'),
  }),
  run: fc.option(fc.constantFrom('run-1', 'run-2'), { nil: undefined }),
  isPriced: fc.boolean(),
});

function recordOf(calls: readonly (typeof call extends fc.Arbitrary<infer One> ? One : never)[]) {
  const record = new SpendRecord();
  for (const { minutes, shape, run, isPriced } of calls) {
    const at = noon + minutes * minute;
    const made = callAt(at, run === undefined ? shape : { ...shape, run });
    record.add(isPriced ? made : { ...made, cost: null }, at);
  }
  return record;
}

const readBack = <State>(state: State): State => JSON.parse(JSON.stringify(state)) as State;

it('what was spent is read back as it was, to the picodollar', () => {
  fc.assert(
    fc.property(fc.array(call, { maxLength: 120 }), (calls) => {
      const record = recordOf(calls);
      const again = new SpendRecord(readBack(record.toJSON()));
      expect(again.toJSON()).toEqual(record.toJSON());
      expect(again.recent).toEqual(record.recent);
      for (const time of [noon - 60 * minute, noon, noon + 3_000 * minute]) {
        expect(again.since(time)).toEqual(record.since(time));
        expect(again.normal(time)).toEqual(record.normal(time));
        expect(again.callsUntil(time + 6_000 * minute, time)).toBe(
          record.callsUntil(time + 6_000 * minute, time),
        );
      }
    }),
    { numRuns: 60 },
  );
});

it('what an earlier Farthing wrote by rows is read as well', () => {
  fc.assert(
    fc.property(fc.array(call, { maxLength: 80 }), (calls) => {
      const record = recordOf(calls);
      const state = record.toJSON();
      const periods = (columns: SpendState['hours']): SpendRows['hours'] =>
        periodsOf(columns).map(({ index, calls: count, priced, cost, input, output }) => [
          index,
          count,
          priced,
          String(cost),
          input,
          output,
        ]);
      const row = (one: RecentCall): SpendRows['recent'][number] => [
        one.id,
        one.at,
        one.cost === null ? null : String(one.cost),
        one.input,
        one.output,
        one.run,
        one.provider,
        one.model,
        one.values,
      ];
      const rows: SpendRows = {
        ...state,
        hours: periods(state.hours),
        days: periods(state.days),
        recent: record.recent.map(row),
        runs: state.runs.map(([run, count, cost, since, last]) => [run, count, cost, since, last]),
      };
      const again = new SpendRecord(readBack(rows)).toJSON();
      // How many of a run's calls had a price was not written: all are taken to have had one.
      expect({ ...again, runs: [] }).toEqual({ ...state, runs: [] });
      expect(again.runs.map(([, count, , , , priced]) => priced === count)).not.toContain(false);
    }),
    { numRuns: 30 },
  );
});

it('texts that calls share are written once', () => {
  const record = new SpendRecord();
  for (let index = 0; index < 40; index++) {
    const at = noon + index * minute;
    record.add(callAt(at, { run: 'run-1', template: index < 20 ? 'v6' : 'v7' }), at);
  }
  const state = stateOfRecent(record.recent);
  expect(state.runs).toEqual(['run-1']);
  expect(state.alike.map(({ values }) => values.template_version)).toEqual(['v6', 'v7']);
  const [first, second] = recentOf(readBack(state));
  expect(first!.values).toBe(second!.values);
});
