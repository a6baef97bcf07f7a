import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seasonFactors } from './season-factors.js';

const week = [1.2, 1.2, 1.2, 1.2, 1.2, 0.5, 0.5];
const weeks = (count: number, level: (week: number) => number) =>
  Array.from({ length: 7 * count }, (_, day) => week[day % 7]! * level(Math.floor(day / 7)));

describe('the factors of a season', () => {
  test('are those of the weekdays, wherever the values begin', () => {
    const factors = seasonFactors(weeks(6, () => 10).slice(3), { season: 7, phase: 3 });
    factors.forEach((factor, day) => expect(factor).toBeCloseTo(week[day]!, 2));
  });

  test('are not disturbed by a new level', () => {
    const factors = seasonFactors(
      weeks(8, (number) => (number < 4 ? 10 : 40)),
      { season: 7, phase: 0 },
    );
    expect(factors[5]! / factors[0]!).toBeCloseTo(0.5 / 1.2, 1);
  });

  test('are drawn to 1 where chance explains the differences', () => {
    // 3, 1, 2, 3, 1, 2 … has a period of three: by weekday it is chance.
    const values = Array.from({ length: 28 }, (_, day) => [3, 1, 2][day % 3]!);
    const factors = seasonFactors(values, { season: 7, phase: 0 });
    factors.forEach((factor) => expect(Math.abs(factor - 1)).toBeLessThan(0.35));
  });

  test('are 1 below two seasons, and of nothing', () => {
    expect(
      new Set(
        seasonFactors(
          weeks(1, () => 10),
          { season: 7, phase: 0 },
        ),
      ),
    ).toEqual(new Set([1]));
    expect(
      new Set(
        seasonFactors(
          weeks(4, () => 0),
          { season: 7, phase: 0 },
        ),
      ),
    ).toEqual(new Set([1]));
  });

  test('average 1 and are positive, whatever the values', () => {
    const value = fc.oneof(fc.constant(0), fc.double({ min: 1e-12, max: 1e9, noNaN: true }));
    fc.assert(
      fc.property(fc.array(value, { maxLength: 60 }), fc.nat(6), (values, phase) => {
        const factors = seasonFactors(values, { season: 7, phase });
        expect(factors.reduce((sum, factor) => sum + factor, 0) / 7).toBeCloseTo(1, 9);
        for (const factor of factors) expect(factor).toBeGreaterThan(0);
      }),
    );
  });
});
