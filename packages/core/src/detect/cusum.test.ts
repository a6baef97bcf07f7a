import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addScore, newCusum, siegmundThreshold } from './cusum.js';
import { inverseNormal } from './normal.js';

/** A small linear congruential generator: the same scores at every run. */
function scores(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return inverseNormal((state + 0.5) / 4_294_967_296);
  };
}

describe("Siegmund's height", () => {
  it.each([0.25, 0.5, 1])('gives the run it promises, by simulation, at k = %s', (k) => {
    const promised = 500;
    const height = siegmundThreshold(k, promised);
    const next = scores(20_261_123);
    const runs = 400;
    let steps = 0;
    for (let run = 0; run < runs; run++) {
      const cusum = newCusum();
      do steps += 1;
      while (addScore(cusum, next(), k, 0) <= height);
    }
    // The mean of 400 runs of 500 has a standard error of 25; the approximation is good to some percent.
    expect(steps / runs).toBeGreaterThan(promised * 0.85);
    expect(steps / runs).toBeLessThan(promised * 1.15);
  });

  it('has the published value', () => {
    // k = 0.5, h = 4: 168 of two sides (D. C. Montgomery, "Introduction to Statistical Quality Control"), so 336 of one.
    expect(siegmundThreshold(0.5, 336)).toBeCloseTo(4, 1);
  });

  it('rises with the run', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 10, max: 1e9 }),
        fc.integer({ min: 2, max: 100 }),
        (run, times) => {
          expect(siegmundThreshold(0.5, run * times)).toBeGreaterThan(siegmundThreshold(0.5, run));
        },
      ),
    );
  });
});

describe('a CUSUM', () => {
  it('is the largest sum of its last scores, or nothing', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -12, max: 12 }), { minLength: 1, maxLength: 60 }),
        (quarters) => {
          const cusum = newCusum();
          const increments = quarters.map((score) => score / 4 - 0.5);
          for (const score of quarters) addScore(cusum, score / 4, 0.5, 0);
          let tail = 0;
          let most = 0;
          for (const increment of increments.toReversed())
            most = Math.max(most, (tail += increment));
          expect(cusum.sum).toBe(most);
        },
      ),
    );
  });

  it('knows since when and of how many scores it is', () => {
    const cusum = newCusum();
    addScore(cusum, -1, 0.5, 10);
    expect(cusum).toMatchObject({ sum: 0, count: 0 });
    addScore(cusum, 2, 0.5, 20);
    addScore(cusum, 2, 0.5, 30);
    expect(cusum).toEqual({ sum: 3, count: 2, since: 20 });
  });
});
