import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { excessOfRun, excessSince, sizeOf } from './incident-size.js';
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

describe('what a run costs', () => {
  /** Calls of two cents each, one every eight seconds. */
  function loop(calls: number, begins = noon, every = 8_000, record = new SpendRecord()) {
    for (let index = 0; index < calls; index++) {
      const at = begins + index * every;
      record.add(callAt(at, { run: 'loop', input: 0, output: 2_000 }), at);
    }
    return record;
  }
  const sizeAt = (record: SpendRecord, now: number) =>
    sizeOf(excessOfRun(record, record.run('loop')!, now));

  it('is its own pace while it calls, and not more until midnight than it has taken already', () => {
    // 30 calls in 4 minutes: $0.60.
    expect(sizeAt(loop(30), noon + 4 * minute)).toEqual({
      normal_usd_per_hour: '0',
      now_usd_per_hour: '9',
      above_usd_per_hour: '9',
      above_usd: '0.6',
      // As long again as it has run: 3 minutes and 52 seconds.
      by_midnight_usd: '1.18',
      by_month_end_usd: null,
    });
  });

  it('is not more by midnight than there is time for', () => {
    const begins = noon + 12 * hour - 6 * minute;
    const size = sizeAt(loop(38, begins), begins + 5 * minute);
    expect(Number(size.by_midnight_usd)).toBeCloseTo(0.76 + 0.76 / 5, 6);
  });

  it('goes by the last minutes where it has run for longer', () => {
    const record = loop(20, noon, 6 * minute);
    const slow = sizeAt(record, noon + 114 * minute);
    expect(Number(slow.above_usd_per_hour)).toBeCloseTo(0.2, 1);
    const faster = sizeAt(loop(150, noon + 120 * minute, 8_000, record), noon + 140 * minute);
    expect(Number(faster.above_usd_per_hour)).toBeCloseTo(9, 1);
  });

  it.each([
    ['of a few minutes, after nine minutes', loop(24), noon + 12 * minute],
    ['of two hours, after a quarter of one', loop(60, noon, 2 * minute), noon + 135 * minute],
  ])('is nothing more once it no longer calls: %s', (_what, record, now) => {
    const size = sizeAt(record, now);
    expect(size).toMatchObject({ now_usd_per_hour: '0', above_usd_per_hour: '0' });
    expect(size.by_midnight_usd).toBe(size.above_usd);
  });

  it('goes on while its silence is one of its usual ones', () => {
    const size = sizeAt(loop(6, noon, 7 * minute), noon + 42 * minute);
    expect(Number(size.above_usd_per_hour)).toBeGreaterThan(0);
  });

  it('falls as it stays silent, never rises', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 40 }),
        fc.integer({ min: 1_000, max: 120_000 }),
        (calls, every) => {
          const record = loop(calls, noon, every);
          const last = record.run('loop')!.last;
          let before: bigint | null = null;
          for (let passed = 0; passed <= 30 * minute; passed += 30_000) {
            const { nowPerHour, above, byMidnight } = excessOfRun(
              record,
              record.run('loop')!,
              last + passed,
            );
            if (before !== null) expect(nowPerHour).toBeLessThanOrEqual(before);
            expect(byMidnight).toBeGreaterThanOrEqual(above);
            before = nowPerHour;
          }
          expect(before).toBe(0n);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('is the same after a restart', () => {
    const record = loop(150, noon, 8_000);
    const again = new SpendRecord(JSON.parse(JSON.stringify(record)));
    expect(sizeAt(again, noon + 21 * minute)).toEqual(sizeAt(record, noon + 21 * minute));
  });
});
