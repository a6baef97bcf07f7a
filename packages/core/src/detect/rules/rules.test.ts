import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callOf } from '../../../test-support/call-stream.js';
import { isAheadOfBudget, isOverCap } from './budget-rules.js';
import { spreadOf } from './deviation.js';
import { measure } from './metric.js';
import {
  averageLimit,
  isOverMedian,
  usualHourlyAverage,
  usualMovingAverage,
} from './spread-rules.js';
import { zScore } from './z-score-rule.js';

describe('the z-score of a call', () => {
  it('says nothing before ten values', () => {
    expect(zScore([1, 2, 3, 4, 5, 6, 7, 8, 900])).toBeNull();
    expect(zScore([])).toBeNull();
  });

  it('is taken over the last hundred, the judged one among them', () => {
    const nine = [1, 1, 1, 1, 1, 1, 1, 1, 1];
    // Mean 2 and deviation 3 by hand: nine ones and an 11.
    expect(zScore([...nine, 11])).toEqual({ fires: true, mean: 2, deviation: 3, z: 3 });
    const forgotten = Array.from({ length: 100 }, () => 1_000);
    const since = Array.from({ length: 100 }, (_, index) => index % 2);
    expect(zScore([...forgotten, ...since])?.mean).toBe(0.5);
  });

  it('fires below as well as above, and not at the threshold itself', () => {
    expect(zScore([5, 5, 5, 5, 5, 5, 5, 5, 5, 0])!.fires).toBe(true);
    const terms = { window: 100, threshold: 3, least: 10 };
    expect(zScore([1, 1, 1, 1, 1, 1, 1, 1, 1, 11], terms)!.fires).toBe(false);
  });

  it('never fires on values that are all alike, whatever their rounding', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-9, max: 1e6, noNaN: true }),
        fc.integer({ min: 10, max: 200 }),
        (value, count) => {
          const score = zScore(Array.from({ length: count }, () => value))!;
          expect(score).toMatchObject({ fires: false, deviation: 0, z: 0 });
        },
      ),
    );
  });

  it('is no other when all values are multiplied', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 10_000 }), { minLength: 10, maxLength: 120 }),
        fc.integer({ min: 2, max: 1_000 }),
        (values, factor) => {
          const one = zScore(values)!;
          const other = zScore(values.map((value) => value * factor))!;
          expect(other.z).toBeCloseTo(one.z, 6);
        },
      ),
    );
  });
});

describe('rules of spread', () => {
  const days = [9, 11, 9, 11, 9, 11, 9, 11, 9, 11, 9, 11, 9, 11];

  it('put the limit of a day three deviations above its fortnight', () => {
    expect(spreadOf(days)).toEqual({ mean: 10, deviation: 1 });
    expect(averageLimit(days, usualMovingAverage)).toEqual({ mean: 10, limit: 13 });
    // Older days are not looked at.
    const old = Array.from({ length: 30 }, () => 1_000);
    expect(averageLimit([...old, ...days], usualMovingAverage)).toEqual({ mean: 10, limit: 13 });
  });

  it('have no limit of days that are all alike, nor of too few', () => {
    expect(averageLimit([5, 5, 5, 5], usualMovingAverage)).toBeNull();
    expect(averageLimit([5, 6], usualMovingAverage)).toBeNull();
  });

  it('compare an hour with at least a day of hours, by two deviations', () => {
    const hours = Array.from({ length: 24 }, (_, index) => 9 + 2 * (index % 2));
    expect(averageLimit(hours, usualHourlyAverage)).toEqual({ mean: 10, limit: 12 });
    expect(averageLimit(hours.slice(1), usualHourlyAverage)).toBeNull();
  });

  it('three times the median; without a median nothing', () => {
    expect(isOverMedian(0.0301, 0.01)).toBe(true);
    expect(isOverMedian(0.03, 0.01)).toBe(false);
    expect(isOverMedian(5, 0)).toBe(false);
  });

  it('tokens are watched as input, output and their ratio', () => {
    const call = callOf({ at: 0, input: 200, output: 50 });
    expect(measure('input_tokens', call)).toEqual({ amount: 200, over: 1 });
    expect(measure('output_tokens', call)).toEqual({ amount: 50, over: 1 });
    expect(measure('output_per_input', call)).toEqual({ amount: 50, over: 200 });
    expect(measure('output_per_input', callOf({ at: 0, input: 0 }))).toBeNull();
    expect(measure('cost', { ...call, cost: null })).toBeNull();
  });
});

describe('rules of budgets', () => {
  it('30 % of the day in its first two hours', () => {
    expect(isAheadOfBudget(3, 10, 1.9 / 24)).toBe(true);
    expect(isAheadOfBudget(2.9, 10, 1.9 / 24)).toBe(false);
    expect(isAheadOfBudget(9, 10, 0.5)).toBe(false);
  });

  it('without a budget nothing is ahead of it', () => {
    expect(isAheadOfBudget(3, 0, 0)).toBe(false);
  });

  it('a cap is exceeded above it', () => {
    expect(isOverCap(10.01, 10)).toBe(true);
    expect(isOverCap(10, 10)).toBe(false);
    // Of a sum of floating-point numbers, the last digits are rounding.
    expect(isOverCap(10 + 1e-12, 10)).toBe(false);
  });
});
