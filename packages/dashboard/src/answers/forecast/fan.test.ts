import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { axisStep, fanDays, fanTop } from './fan.js';

const interval = (low: string, high: string) => ({ low_usd: low, high_usd: high });
const day = (at: string, high80: string, high95: string) => ({
  at,
  actual_usd: null,
  expected_usd: '2.5',
  month_to_date: {
    expected_usd: '10',
    interval_80: interval('8', high80),
    interval_95: interval('7', high95),
  },
});

describe('the fan of a forecast', () => {
  it('has days outside of the month without a sum', () => {
    const before = {
      at: '2026-10-31T00:00:00.000Z',
      actual_usd: '1.25',
      expected_usd: null,
      month_to_date: null,
    };
    expect(fanDays([before])).toEqual([{ at: before.at, actual: 1.25, expected: 0, month: null }]);
  });

  it('shows all of its intervals, unless one of 95 % is far beyond what is likely', () => {
    const at = '2026-11-30T00:00:00.000Z';
    expect(fanTop(fanDays([day(at, '12', '14')]))).toBeCloseTo(14.84);
    expect(fanTop(fanDays([day(at, '12', '900')]))).toBeCloseTo(25.44);
  });

  it('has an axis where nothing was spent', () => {
    expect(fanTop(fanDays([day('2026-11-30T00:00:00.000Z', '0', '0')]))).toBe(1);
    expect(fanTop([])).toBe(1);
  });

  it('labels two to four steps of an axis', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-9, max: 1e9, noNaN: true }), (top) => {
        const count = Math.floor(top / axisStep(top) + 1e-9);
        expect(count).toBeGreaterThanOrEqual(2);
        expect(count).toBeLessThanOrEqual(4);
      }),
    );
  });
});
