import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binOf, binWidth, LogHistogram } from './log-histogram.js';

const bins = fc.array(fc.integer({ min: -200, max: 300 }), { maxLength: 200 });

function histogramOf(observed: readonly number[]): LogHistogram {
  const histogram = new LogHistogram();
  for (const bin of observed) histogram.add(bin);
  return histogram;
}

describe('a histogram of logarithms', () => {
  it('merged holds what both held', () => {
    fc.assert(
      fc.property(bins, bins, (one, other) => {
        const merged = histogramOf(one);
        merged.merge(histogramOf(other));
        const both = histogramOf([...one, ...other]);
        expect(merged.sorted()).toEqual(both.sorted());
        expect(merged.total).toBe(both.total);
      }),
    );
  });

  it('fading takes the same share of all and forgets what hardly counts', () => {
    const histogram = histogramOf([1, 1, 1, 1, 2]);
    histogram.add(3, 0.015);
    histogram.fade(0.5);
    expect(histogram.sorted()).toEqual([
      [1, 2],
      [2, 0.5],
    ]);
    expect(histogram.total).toBe(2.5);
  });

  it('has quantiles within a bin of those of the values', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -5, max: 12, noNaN: true }), { minLength: 1, maxLength: 200 }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (values, p) => {
          const histogram = histogramOf(values.map(binOf));
          const sorted = values.toSorted((a, b) => a - b);
          const exact = sorted[Math.max(0, Math.ceil(p * values.length - 1e-9) - 1)]!;
          expect(Math.abs(histogram.quantile(p) - exact)).toBeLessThanOrEqual(binWidth);
        },
      ),
    );
    expect(new LogHistogram().quantile(0.5)).toBe(0);
  });

  it('tells how far the largest lie above a size', () => {
    const histogram = histogramOf([0, 10, 20]);
    const { mean, weight } = histogram.excess(5 * binWidth);
    expect(weight).toBe(2);
    expect(mean).toBeCloseTo(10.5 * binWidth, 9);
    expect(histogram.excess(100)).toEqual({ mean: 0, weight: 0 });
  });

  it('survives being written down, faded or not', () => {
    fc.assert(
      fc.property(bins, fc.double({ min: 0.1, max: 1, noNaN: true }), (observed, factor) => {
        const histogram = histogramOf(observed);
        histogram.fade(factor);
        const read = LogHistogram.fromJSON(JSON.parse(JSON.stringify(histogram)));
        expect(read.toJSON()).toEqual(histogram.toJSON());
        expect(read.total).toBe(histogram.total);
      }),
    );
  });

  it('takes as many numbers as there are sizes, however many calls there were', () => {
    const histogram = new LogHistogram();
    // From a millionth of a dollar to a hundred, which is all that calls cost.
    for (let call = 0; call < 100_000; call++) {
      histogram.add(binOf(Math.log(1e-6) + (call / 100_000) * Math.log(1e8)));
    }
    expect(histogram.sorted().length).toBeLessThan(465);
  });
});
