import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RollingSample } from './rolling-sample.js';
import { tailSurprise } from './tail-surprise.js';

const sampleOf = (values: readonly number[]) => new RollingSample(values.length, values);
const oneToThousand = Array.from({ length: 1_000 }, (_, index) => index + 1);

describe('the surprise of a value', () => {
  it('is that of its rank on either side', () => {
    const sample = sampleOf(oneToThousand);
    // 950 and more are 51 of 1,000; by chance of one value more, 52 of 1,001, on either of two sides.
    expect(tailSurprise(sample, 950)).toBeCloseTo(-Math.log((52 / 1_001) * 2), 9);
    expect(tailSurprise(sample, 51)).toBeCloseTo(-Math.log((52 / 1_001) * 2), 9);
    expect(tailSurprise(sample, 501)).toBe(0);
  });

  it('goes on growing beyond all that was seen', () => {
    const sample = sampleOf(oneToThousand);
    expect(tailSurprise(sample, 1_100)).toBeGreaterThan(tailSurprise(sample, 1_000));
    expect(tailSurprise(sample, 5_000)).toBeGreaterThan(tailSurprise(sample, 1_100));
  });

  it('is none before there is anything to compare with', () => {
    expect(tailSurprise(sampleOf(oneToThousand.slice(0, 59)), 1e9)).toBe(0);
    expect(tailSurprise(sampleOf(Array.from({ length: 500 }, () => 7)), 7)).toBe(0);
  });

  it('is large, and a number, where values were all alike', () => {
    for (const alike of [0, 7, -3]) {
      const sample = sampleOf(Array.from({ length: 500 }, () => alike));
      const surprise = tailSurprise(sample, alike + 1);
      expect(surprise).toBeGreaterThan(15);
      expect(surprise).not.toBeNaN();
    }
  });

  it('does not depend on the unit, and grows with the distance from the median', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 10_000 }), { minLength: 60, maxLength: 300 }),
        fc.integer({ min: 0, max: 20_000 }),
        fc.integer({ min: 0, max: 20_000 }),
        (values, one, other) => {
          const sample = sampleOf(values);
          const inCents = sampleOf(values.map((value) => value * 128));
          expect(tailSurprise(inCents, one * 128)).toBeCloseTo(tailSurprise(sample, one), 6);
          const median = sample.at(sample.size >> 1);
          const [low, high] = [Math.min(one, other), Math.max(one, other)];
          if (low < median) return;
          expect(tailSurprise(sample, high)).toBeGreaterThanOrEqual(tailSurprise(sample, low));
        },
      ),
    );
  });
});
