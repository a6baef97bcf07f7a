import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SlidingQuantiles } from './sliding-quantiles.js';

const lengths = fc.array(fc.nat(5_000), { minLength: 1, maxLength: 200 });

describe('a window of the last values', () => {
  test('has the quantiles of a sorted copy of them', () => {
    fc.assert(
      fc.property(
        lengths,
        fc.integer({ min: 1, max: 60 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, size, share) => {
          const window = new SlidingQuantiles(size);
          for (const value of values) window.add(value);
          const kept = values.slice(-size).sort((left, right) => left - right);
          const rank = Math.ceil(share * (kept.length + 1)) - 1;
          expect(window.quantile(share)).toBe(kept[Math.min(Math.max(rank, 0), kept.length - 1)]);
          expect(window.largest).toBe(kept.at(-1));
          expect(window.mean).toBeCloseTo(kept.reduce((a, b) => a + b, 0) / kept.length, 9);
        },
      ),
    );
  });

  test('is the same again when filled with its own values', () => {
    fc.assert(
      fc.property(lengths, lengths, (before, after) => {
        const first = new SlidingQuantiles(50);
        for (const value of before) first.add(value);
        const second = new SlidingQuantiles(50);
        for (const value of first.values()) second.add(value);
        for (const value of after) {
          first.add(value);
          second.add(value);
        }
        expect(second.values()).toEqual(first.values());
        expect(second.quantile(0.95)).toBe(first.quantile(0.95));
      }),
    );
  });

  test('knows nothing while it is empty', () => {
    const window = new SlidingQuantiles(10);
    expect(window.count).toBe(0);
    expect(window.quantile(0.5)).toBeNaN();
  });
});
