import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { project } from './project.js';

const daily = (values: number[]) => ({ values, season: 7, phase: 0 });
const days = (count: number, value: (day: number) => number) =>
  Array.from({ length: count }, (_, day) => value(day));
/** Noise without chance: the same every time, and of no period. */
const noise = (day: number) => 1 + 0.3 * Math.sin(day * day * 12.9898);

describe('the projection of a series', () => {
  test('goes on with what is constant, and is sure of it where that lasted', () => {
    const forecast = project(daily(days(90, () => 10)), 20);
    expect(forecast.expected()).toBeCloseTo(200, 6);
    const { low, high } = forecast.interval(80);
    expect(low).toBeGreaterThan(100);
    expect(high).toBeLessThan(400);
  });

  test('knows weekdays', () => {
    const work = (day: number) => (day % 7 < 5 ? 10 : 1);
    const { path } = project(daily(days(70, work)), 7);
    path.forEach((expected, day) => expect(Math.abs(expected - work(day))).toBeLessThan(0.7));
  });

  test('is not poisoned by one wrong price', () => {
    const values = days(60, (day) => 5 * noise(day));
    const without = project(daily(values), 30);
    const withBug = project(daily(values.with(57, 9_990)), 30);
    expect(withBug.expected() / without.expected()).toBeLessThan(1.3);
    expect(withBug.interval(95).high / without.interval(95).high).toBeLessThan(1.5);
  });

  test('takes the recent level after a shift', () => {
    const { expected } = project(daily(days(60, (day) => (day < 50 ? 10 : 40) * noise(day))), 10);
    expect(expected()).toBeGreaterThan(320);
    expect(expected()).toBeLessThan(480);
  });

  test('goes on with growth, but ever less', () => {
    const { path } = project(daily(days(60, (day) => 10 + day)), 28);
    expect(path[0]).toBeGreaterThan(66);
    expect(path[27]).toBeLessThan(2 * 70);
  });

  test('is wide where little is known, and narrower where much is', () => {
    const ratio = (count: number) => {
      const { low, high } = project(daily(days(count, (day) => 10 * noise(day))), 7).interval(80);
      return high / low;
    };
    expect(ratio(3)).toBeGreaterThan(5);
    expect(ratio(28)).toBeLessThan(ratio(10));
    expect(ratio(120)).toBeLessThan(1.7);
  });

  test('expects of a running day its rest alone, and learns from its part', () => {
    const history = days(28, () => 24);
    const half = project({ ...daily(history), running: { value: 12, elapsed: 0.5 } }, 1);
    expect(half.expected()).toBeCloseTo(12, 1);
    const quiet = project({ ...daily(history), running: { value: 0, elapsed: 0.5 } }, 1);
    expect(quiet.expected()).toBeLessThan(12);
    // The first day of all: a rate, and no more than that.
    const first = project({ ...daily([]), running: { value: 3, elapsed: 0.25 } }, 1);
    expect(first.expected()).toBeCloseTo(9, 6);
  });

  test('is finite, in order and the same again, whatever the series', () => {
    const value = fc.oneof(fc.constant(0), fc.double({ min: 1e-12, max: 1e9, noNaN: true }));
    const series = fc.record({
      values: fc.array(value, { maxLength: 45 }),
      season: fc.constant(7),
      phase: fc.nat(6),
      running: fc.record({ value, elapsed: fc.double({ min: 0, max: 1, noNaN: true }) }),
    });
    fc.assert(
      fc.property(series, fc.integer({ min: 0, max: 40 }), (one, steps) => {
        const forecast = project(one, steps);
        const [wide, narrow] = [forecast.interval(95), forecast.interval(80)];
        const order = [0, wide.low, narrow.low, forecast.expected(), narrow.high, wide.high];
        for (const [index, figure] of order.entries()) {
          expect(Number.isFinite(figure)).toBe(true);
          if (index > 0)
            expect(figure).toBeGreaterThanOrEqual(order[index - 1]! * (1 - 1e-9) - 1e-9);
        }
        expect(project(one, steps).path).toEqual(forecast.path);
      }),
      { numRuns: 60 },
    );
  });

  test('does not depend on the unit', () => {
    const values = days(40, (day) => 10 * noise(day));
    const dollars = project(daily(values), 10);
    const cents = project(daily(values.map((value) => value * 100)), 10);
    expect(cents.expected() / dollars.expected()).toBeCloseTo(100, 6);
    expect(cents.interval(80).high / dollars.interval(80).high).toBeCloseTo(100, 6);
  });
});
