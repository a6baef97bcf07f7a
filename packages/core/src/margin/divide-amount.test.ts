import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cent, centsOf, divideAmount, roundToCents } from './divide-amount.js';

const sum = (parts: readonly bigint[]) => parts.reduce((all, part) => all + part, 0n);
const amount = fc.bigInt(-(10n ** 16n), 10n ** 16n);

describe('dividing an amount', () => {
  test('leaves no rest, is within a unit of the exact share, and gives nothing for nothing', () => {
    fc.assert(
      fc.property(
        amount,
        fc.array(fc.bigInt(0n, 10n ** 15n), { minLength: 1, maxLength: 40 }),
        (whole, weights) => {
          const parts = divideAmount(whole, weights);
          expect(sum(parts)).toBe(whole);
          const all = sum(weights);
          if (all === 0n) return;
          for (const [index, part] of parts.entries()) {
            const off = part * all - whole * weights[index]!;
            expect(off < all && off > -all).toBe(true);
            if (weights[index] === 0n) expect(part).toBe(0n);
          }
        },
      ),
    );
  });

  test('gives the missing units to the largest remainders, and equal parts where no weight is', () => {
    expect(divideAmount(10n, [1n, 1n, 1n])).toEqual([4n, 3n, 3n]);
    expect(divideAmount(100n, [47n, 16n, 158n])).toEqual([21n, 7n, 72n]);
    expect(divideAmount(-10n, [1n, 1n, 1n])).toEqual([-4n, -3n, -3n]);
    expect(divideAmount(10n, [0n, 0n])).toEqual([5n, 5n]);
    expect(divideAmount(10n, [-5n, 1n])).toEqual([0n, 10n]);
    expect(divideAmount(10n, [])).toEqual([]);
  });
});

describe('rounding to cents', () => {
  test('adds up to the rounded sum, and moves no amount by a cent', () => {
    fc.assert(
      fc.property(fc.array(amount, { maxLength: 40 }), (amounts) => {
        const rounded = roundToCents(amounts);
        expect(sum(rounded)).toBe(centsOf(sum(amounts)));
        for (const [index, value] of rounded.entries()) {
          const off = value - amounts[index]!;
          expect(value % cent).toBe(0n);
          expect(off < cent && off > -cent).toBe(true);
        }
      }),
    );
  });

  test('three thirds of a dollar are 34, 33 and 33 cents', () => {
    const third = 333_333_333_333n;
    expect(roundToCents([third + 1n, third, third])).toEqual([34n * cent, 33n * cent, 33n * cent]);
  });
});
