import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { day, minute, start, uniforms } from '../../test-support/call-stream.js';
import { inverseNormal } from './normal.js';
import { ShiftDetector, type Shift, type ShiftScale } from './shift-detector.js';

const perDay = 240;
const interval = day / perDay;
const now = start + 14 * day;

/** Feeds a detector calls every six minutes; ends days as they pass. */
function feed(
  detector: ShiftDetector,
  from: number,
  calls: number,
  size: (index: number) => number,
  judged = true,
): (Shift & { at: number })[] {
  const found: (Shift & { at: number })[] = [];
  for (let index = 0; index < calls; index++) {
    const at = from + index * interval;
    if (at > start && at % day === 0) detector.endDay(false, 3);
    const shift = detector.observe(size(index), at, judged);
    if (shift !== null) found.push({ ...shift, at });
  }
  return found;
}

/** Has seen a fortnight of sizes about e^6, spread by 60 %. */
function experienced(seed: number): { detector: ShiftDetector; next: () => number } {
  const detector = new ShiftDetector();
  const random = uniforms(seed);
  const next = () => 6 + 0.6 * inverseNormal(random());
  expect(feed(detector, start, 14 * perDay, next)).toEqual([]);
  return { detector, next };
}

/** Has seen a fortnight of one price for nine calls of ten, and of twice that for the tenth. */
function ofPrices(): ShiftDetector {
  const detector = new ShiftDetector('few_values');
  feed(detector, start, 14 * perDay, (index) => (index % 10 === 0 ? Math.LN2 : 0));
  return detector;
}

const callsUntil = (found: Shift & { at: number }): number => (found.at - now) / interval + 1;

describe('a lasting shift of sizes', () => {
  it.each([
    [Math.LN2, 40],
    [Math.log(3), 20],
    [Math.log(10), 7],
  ])('of e^%d is found within %d calls', (shift, most) => {
    const { detector, next } = experienced(3);
    const [first] = feed(detector, now, 100, () => next() + shift);
    expect(callsUntil(first!)).toBeLessThanOrEqual(most);
    expect(callsUntil(first!)).toBeGreaterThan(2);
    expect(Math.log(first!.factor)).toBeGreaterThan(shift * 0.6);
    expect(Math.log(first!.factor)).toBeLessThan(shift * 1.6);
  });

  it('is told with when it began, and of how many calls it is', () => {
    const { detector, next } = experienced(5);
    feed(detector, now, 100, next);
    const began = now + 100 * interval;
    const [first] = feed(detector, began, 100, () => next() + 1.2);
    expect(Math.abs(first!.since - began)).toBeLessThanOrEqual(6 * interval);
    expect(first!.calls).toBe((first!.at - first!.since) / interval + 1);
  });

  it('below what days differ by anyhow is not found', () => {
    const { detector, next } = experienced(4);
    expect(feed(detector, now, 2 * perDay, () => next() + 0.08)).toEqual([]);
  });

  it('downwards is nobody’s alarm', () => {
    const { detector, next } = experienced(6);
    expect(feed(detector, now, 2 * perDay, () => next() - 2)).toEqual([]);
  });

  it('is not found in what every day has at that hour', () => {
    const detector = new ShiftDetector();
    const random = uniforms(9);
    // Nights are three times as large as days, for six hours.
    const size = (index: number) =>
      6 + 0.4 * inverseNormal(random()) + (index % perDay < perDay / 4 ? Math.log(3) : 0);
    expect(feed(detector, start, 28 * perDay, size)).toEqual([]);
  });

  it('is never told of history', () => {
    const { detector, next } = experienced(3);
    expect(feed(detector, now, 300, () => next() + 3, false)).toEqual([]);
  });

  it('of a day set apart does not become what is normal', () => {
    const { detector, next } = experienced(8);
    const { reference } = detector.toJSON();
    for (let call = 0; call < perDay; call++) detector.observe(next() + 3, now + call, false);
    detector.endDay(true, 3);
    expect(detector.toJSON().reference).toEqual(reference);
    detector.endDay(false, 3);
    expect(detector.toJSON().reference).not.toEqual(reference);
  });

  it('says nothing before thirty calls', () => {
    const detector = new ShiftDetector();
    feed(detector, start, 29, () => 6);
    detector.endDay(false, 3);
    expect(detector.usual).toBeNull();
    expect(detector.score(99, now)).toBeNull();
  });
});

describe('a price that changes', () => {
  it('to what it never was is found in three calls, though half of the calls keep the old one', () => {
    const all = feed(ofPrices(), now, 20, () => Math.log(5));
    expect(callsUntil(all[0]!)).toBe(3);
    const half = feed(ofPrices(), now, 20, (index) => (index % 2 === 0 ? Math.log(5) : 0));
    expect(callsUntil(half[0]!)).toBeLessThanOrEqual(7);
  });

  it('to one that some calls always had is found in some calls', () => {
    const [first] = feed(ofPrices(), now, 40, () => Math.LN2);
    expect(callsUntil(first!)).toBeLessThanOrEqual(12);
  });

  it('by less than 15 % is nobody’s concern', () => {
    expect(feed(ofPrices(), now, 200, (index) => (index % 10 === 0 ? Math.LN2 : 0.1))).toEqual([]);
  });
});

describe.each<ShiftScale>(['sizes', 'few_values'])('whatever comes (%s)', (scale) => {
  const sizes = fc.array(fc.integer({ min: -40, max: 40 }), { minLength: 40, maxLength: 120 });

  function learnt(values: readonly number[]): ShiftDetector {
    const detector = new ShiftDetector(scale);
    for (const value of values) detector.observe(value / 8, start);
    detector.endDay(false, 2);
    return detector;
  }

  it('one call never alarms, nor do two', () => {
    fc.assert(
      fc.property(sizes, fc.double({ noNaN: true, min: -1e6, max: 1e6 }), (values, size) => {
        const detector = learnt(values);
        expect(detector.observe(size, start + day)).toBeNull();
        expect(detector.observe(size, start + day + minute)).toBeNull();
      }),
      { numRuns: 60 },
    );
  });

  it('it goes on from what was written down as if it had never been away', () => {
    fc.assert(
      fc.property(sizes, sizes, fc.nat(119), (values, later, cut) => {
        const whole = learnt(values);
        let parted = learnt(values);
        for (const [index, value] of later.entries()) {
          if (index === cut % later.length) {
            parted = new ShiftDetector(scale, JSON.parse(JSON.stringify(parted)));
          }
          const at = start + day + index * 40 * minute;
          expect(parted.observe(value / 6, at)).toEqual(whole.observe(value / 6, at));
          if (index % 36 === 35) {
            parted.endDay(false, 2);
            whole.endDay(false, 2);
          }
        }
        expect(JSON.stringify(parted)).toBe(JSON.stringify(whole));
      }),
      { numRuns: 40 },
    );
  });
});
