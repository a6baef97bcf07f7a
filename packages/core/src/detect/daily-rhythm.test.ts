import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { day, hour, start, uniforms } from '../../test-support/call-stream.js';
import { DailyRhythm } from './daily-rhythm.js';
import { inverseNormal } from './normal.js';

/** Days of so many calls an hour, whose size is the hour's own. */
function learnt(days: number, perHour: number, size: (hourOfDay: number) => number): DailyRhythm {
  const rhythm = new DailyRhythm();
  for (let today = 0; today < days; today++) {
    for (let hourOfDay = 0; hourOfDay < 24; hourOfDay++) {
      for (let call = 0; call < perHour; call++) {
        rhythm.add(size(hourOfDay), start + today * day + hourOfDay * hour + call);
      }
    }
    rhythm.endDay(13 / 14);
  }
  return rhythm;
}

const nightly = (hourOfDay: number): number => (hourOfDay < 6 ? 8 : 6);

describe('the rhythm of the day', () => {
  it('says what an hour usually adds', () => {
    const rhythm = learnt(14, 100, nightly);
    // A quarter of the day is 2 above the rest: 1.5 above the mean, the rest 0.5 below.
    expect(rhythm.offset(start + 3 * hour)).toBeGreaterThan(1.3);
    expect(rhythm.offset(start + 3 * hour)).toBeLessThanOrEqual(1.5);
    expect(rhythm.offset(start + 12 * hour)).toBeLessThan(-0.4);
  });

  it('believes an hour the less, the fewer calls it rests on', () => {
    const few = learnt(1, 2, nightly).offset(start);
    const many = learnt(1, 600, nightly).offset(start);
    expect(few).toBeGreaterThan(0);
    expect(few).toBeLessThan(many / 3);
  });

  it('believes hours that differ little from each other still less', () => {
    const random = uniforms(2);
    const noisy = (each: number) => each + inverseNormal(random());
    const clear = learnt(1, 10, (hourOfDay) => noisy(nightly(hourOfDay))).offset(start);
    // As much apart as chance makes them.
    const slight = learnt(1, 10, () => noisy(6));
    for (let hourOfDay = 0; hourOfDay < 24; hourOfDay++) {
      expect(Math.abs(slight.offset(start + hourOfDay * hour))).toBeLessThan(0.3);
    }
    expect(clear).toBeGreaterThan(0.8);
  });

  it('does not move during the day', () => {
    const rhythm = learnt(3, 10, nightly);
    const before = rhythm.offset(start);
    for (let call = 0; call < 1_000; call++) rhythm.add(99, start);
    expect(rhythm.offset(start)).toBe(before);
  });

  it('knows times of every kind, before 1970 too', () => {
    const rhythm = learnt(2, 10, nightly);
    expect(rhythm.offset(-21 * hour)).toBe(rhythm.offset(3 * hour));
  });

  it('forgets: what no calls are left of adds nothing', () => {
    const rhythm = new DailyRhythm();
    rhythm.add(50, start);
    for (let today = 0; today < 200; today++) {
      rhythm.add(6, start + 12 * hour);
      rhythm.endDay(13 / 14);
    }
    expect(rhythm.offset(start)).toBe(0);
  });

  it('goes on from what was written down as if it had never been away', () => {
    const additions = fc.array(
      fc.tuple(fc.double({ min: -20, max: 20, noNaN: true }), fc.integer({ min: 0, max: 47 })),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(additions, additions, (before, after) => {
        const whole = new DailyRhythm();
        for (const [size, hours] of before) whole.add(size, start + hours * hour);
        whole.endDay(0.9);
        const parted = new DailyRhythm(JSON.parse(JSON.stringify(whole)));
        for (const each of [whole, parted]) {
          for (const [size, hours] of after) each.add(size, start + hours * hour);
          each.endDay(0.9);
        }
        expect(parted.toJSON()).toEqual(whole.toJSON());
      }),
    );
  });
});
