import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { excessSince, sizeOf } from './incident-size.js';
import { SpendRecord } from './spend-record.js';
import { callAt, noon } from './traffic.fixture.js';

const minute = 60_000;
const hour = 60 * minute;

/** Two days of a call a minute before noon, and an hour of dearer ones. */
function recordOf(before: number, since: number): SpendRecord {
  const record = new SpendRecord();
  for (let at = noon - 48 * hour; at < noon + hour; at += minute) {
    record.add(callAt(at, { input: 0, output: at < noon ? before : since }), at);
  }
  return record;
}

describe('what an incident costs', () => {
  it('is above what as many calls cost before, an hour, so far, and as the last days go on', () => {
    // $0.01 a call before, $0.03 since; 60 an hour.
    const size = sizeOf(excessSince(recordOf(1_000, 3_000), noon, noon + hour)!);
    expect(size).toEqual({
      normal_usd_per_hour: '0.6',
      now_usd_per_hour: '1.8',
      above_usd_per_hour: '1.2',
      above_usd: '1.2',
      // Eleven hours are left of the day.
      by_midnight_usd: '14.4',
      // And 21 days with 1,440 calls each.
      by_month_end_usd: '619.2',
    });
  });

  it('is not known where nothing was seen before', () => {
    const record = new SpendRecord();
    for (let index = 0; index < 20; index++) record.add(callAt(noon + index), noon + index);
    expect(excessSince(record, noon, noon + hour)).toBeNull();
  });

  it('adds up: before and above are what was spent, to the picodollar', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20_000 }),
        fc.integer({ min: 1, max: 20_000 }),
        fc.integer({ min: 15, max: 39 }),
        (before, since, count) => {
          const record = new SpendRecord();
          for (let index = 0; index < 120; index++) {
            const at = noon - (120 - index) * minute - 24 * hour;
            record.add(callAt(at, { input: 0, output: before }), at);
          }
          let spent = 0n;
          let normal = 0n;
          for (let index = 0; index < count; index++) {
            const call = callAt(noon + index * minute, { input: 0, output: since });
            record.add(call, noon + index * minute);
            spent += call.cost!;
            normal += callAt(noon, { input: 0, output: before }).cost!;
          }
          const excess = excessSince(record, noon, noon + count * minute)!;
          expect(excess.above).toBe(spent - normal);
          const state = JSON.parse(JSON.stringify(record));
          const again = excessSince(new SpendRecord(state), noon, noon + count * minute);
          expect(again).toEqual(excess);
        },
      ),
      { numRuns: 30 },
    );
  });
});
