import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { shareTokens } from './share-tokens.js';

test('shares are whole, add up exactly, and none is off by a token', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 0, max: 2_000_000 }),
      (weights, total) => {
        const shares = shareTokens(weights, total);
        const sum = weights.reduce((all, weight) => all + weight, 0);
        if (sum === 0) {
          expect(shares).toEqual(weights.map(() => 0));
          return;
        }
        expect(shares.reduce((all, share) => all + share, 0)).toBe(total);
        for (const [index, share] of shares.entries()) {
          expect(Number.isInteger(share) && share >= 0).toBe(true);
          expect(Math.abs(share - (total * weights[index]!) / sum)).toBeLessThanOrEqual(1.000_001);
        }
      },
    ),
  );
});
