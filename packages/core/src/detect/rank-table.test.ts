import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LogHistogram } from './log-histogram.js';
import { likelihoodRatios, normalScores, noveltyOf, type RankTable } from './rank-table.js';

const bins = fc.array(fc.integer({ min: -60, max: 90 }), { minLength: 1, maxLength: 100 });

function histogramOf(observed: readonly number[]): LogHistogram {
  const histogram = new LogHistogram();
  for (const bin of observed) histogram.add(bin);
  return histogram;
}

/** What all sizes count for, the smallest first. */
const values = (table: RankTable): number[] =>
  Array.from({ length: 170 }, (_, index) => table.at(index - 70));

describe('normal scores', () => {
  it('never fall when the size rises, and stay within the clip', () => {
    fc.assert(
      fc.property(bins, (observed) => {
        const scores = values(normalScores(histogramOf(observed), 3));
        expect(scores).toEqual(scores.toSorted((a, b) => a - b));
        expect(Math.max(...scores.map(Math.abs))).toBeLessThanOrEqual(3);
      }),
    );
  });

  it('give the median 0 and equal sizes one score', () => {
    const table = normalScores(histogramOf([1, 2, 3, 4, 5]), 3);
    expect(table.at(3)).toBeCloseTo(0, 6);
    expect(table.at(5)).toBeCloseTo(-table.at(1), 6);
    expect(normalScores(histogramOf([7, 7, 7, 7]), 3).at(7)).toBeCloseTo(0, 6);
  });
});

describe('likelihood ratios of sizes that have few values', () => {
  it('never fall when the size rises', () => {
    fc.assert(
      fc.property(bins, fc.constantFrom(3, 10, 10_000), (observed, largestOf) => {
        const ratios = values(likelihoodRatios(histogramOf(observed), largestOf));
        for (const [index, ratio] of ratios.entries()) {
          expect(ratio).toBeGreaterThanOrEqual((ratios[index - 1] ?? -Infinity) - 1e-9);
        }
      }),
    );
  });

  it('are those of two distributions: their exponentials average to one over the reference', () => {
    fc.assert(
      fc.property(bins, fc.constantFrom(3, 10), (observed, largestOf) => {
        const reference = histogramOf(observed);
        const table = likelihoodRatios(reference, largestOf);
        const novelty = noveltyOf(reference);
        let mean = novelty * Math.exp(table.at(1_000));
        for (const [bin, weight] of reference.sorted()) {
          mean += ((1 - novelty) * weight * Math.exp(table.at(bin))) / reference.total;
        }
        expect(mean).toBeCloseTo(1, 9);
      }),
    );
  });

  it('take what was never seen for the strongest sign', () => {
    const table = likelihoodRatios(histogramOf(Array.from({ length: 5_000 }, () => 7)), 10_000);
    expect(table.at(8)).toBeCloseTo(Math.log(0.4 + 600), 2);
    expect(table.at(7)).toBeCloseTo(Math.log(0.4), 2);
  });
});
