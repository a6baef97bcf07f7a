import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clipRunning, clipSpikes } from './clip-spikes.js';

const days = (count: number, value: number) => Array.from({ length: count }, () => value);

describe('single spikes', () => {
  test('are cut to twice the second largest day around', () => {
    const values = [...days(10, 5), 9_990, ...days(10, 5), 7];
    expect(clipSpikes(values, 7)[10]).toBe(10);
    expect(clipSpikes(values, 7).filter((value) => value === 5)).toHaveLength(20);
  });

  test('are two at most: a third high day makes them a new level', () => {
    const two = [...days(10, 1), 50, 50];
    expect(clipSpikes(two, 7).slice(-2)).toEqual([2, 2]);
    const three = [...days(10, 1), 50, 50, 50];
    expect(clipSpikes(three, 7).slice(-3)).toEqual([50, 50, 50]);
  });

  test('are not told where there is too little to compare with', () => {
    expect(clipSpikes([9_990], 7)).toEqual([9_990]);
    expect(clipSpikes([0, 0, 9_990, 0, 1], 7)).toEqual([0, 0, 9_990, 0, 1]);
  });

  test('a running day is cut at what it would come to', () => {
    expect(clipRunning(days(10, 4), 7, { value: 9_990, elapsed: 0.5 })).toEqual({
      value: 4,
      elapsed: 0.5,
    });
    expect(clipRunning(days(10, 4), 7, { value: 3, elapsed: 0.5 }).value).toBe(3);
    expect(clipRunning([], 7, { value: 3, elapsed: 0.5 }).value).toBe(3);
  });

  test('nothing is ever raised', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1e6, noNaN: true })), (values) => {
        clipSpikes(values, 7).forEach((value, index) => {
          expect(value).toBeLessThanOrEqual(values[index]!);
        });
      }),
    );
  });
});
