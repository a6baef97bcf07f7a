import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changeOf, logChange, ratioChange } from './exact-change.js';

describe('the change of a ratio', () => {
  it('is that of the fractions, however little they move and however much their parts do', () => {
    const counts = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 2 ** 26 }));
    fc.assert(
      fc.property(counts, counts, counts, counts, (overWas, underWas, overIs, underIs) => {
        const change = ratioChange(changeOf(overWas, overIs), changeOf(underWas, underIs));
        // Products of counts below 2^26 are exact.
        const exact = (overIs * underWas - overWas * underIs) / (underWas * underIs);
        const scale = Math.max(overWas / underWas, overIs / underIs);
        expect(Math.abs(change - exact)).toBeLessThanOrEqual(4 * Number.EPSILON * scale);
      }),
    );
  });

  it('of a share that lost one call in many is not what rounding made of it', () => {
    const change = ratioChange(changeOf(3_000_000, 2_999_999), changeOf(9_000_001, 9_000_001));
    expect(change).toBe(-1 / 9_000_001);
  });
});

describe('the logarithm of a change', () => {
  it('of picodollars beyond 2^53 sees the last of them', () => {
    const cost = 10n ** 18n;
    expect(logChange(changeOf(cost, cost + 1n))).toBe(1e-18);
    expect(logChange(changeOf(cost, cost))).toBe(0);
  });

  it('of a large one is that of the quotient', () => {
    expect(logChange(changeOf(2, 16))).toBe(Math.log(8));
    expect(logChange(changeOf(16, 2))).toBe(Math.log(1 / 8));
  });
});
