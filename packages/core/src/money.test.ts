import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decimalFromNumber,
  divideHalfEven,
  formatUsd,
  parseDecimal,
  parseUsd,
  parseUsdRounded,
} from './money.js';

describe('parseUsd', () => {
  test.each([
    ['0', 0n],
    ['1', 1_000_000_000_000n],
    ['0.00000045', 450_000n],
    ['0.000000000001', 1n],
    ['-9990.01', -9_990_010_000_000_000n],
    ['0.5000000000000000', 500_000_000_000n],
  ])('reads %s exactly', (text, amount) => {
    expect(parseUsd(text)).toBe(amount);
  });

  test.each(['', ' 1', '1 ', '+1', '01', '.5', '5.', '1e-6', '1,5', 'NaN', '0x1', '--1', '١'])(
    'refuses %j',
    (text) => {
      expect(() => parseUsd(text)).toThrow(/plain decimal/);
    },
  );

  test('refuses what is finer than a picodollar and names the way out', () => {
    expect(() => parseUsd('0.0000000000005')).toThrow(/parseUsdRounded/);
  });

  test('refuses digits without end', () => {
    expect(() => parseUsd('1'.repeat(1_000_000))).toThrow(/plain decimal/);
  });
});

describe('parseUsdRounded', () => {
  test.each([
    ['0.0000000000005', 0n],
    ['0.0000000000015', 2n],
    ['0.0000000000025', 2n],
    ['0.00000000000250000001', 3n],
    ['-0.0000000000015', -2n],
  ])('rounds %s half to even', (text, amount) => {
    expect(parseUsdRounded(text)).toBe(amount);
  });
});

describe('formatUsd', () => {
  test.each([
    [0n, '0'],
    [-0n, '0'],
    [1n, '0.000000000001'],
    [14_229_000_000n, '0.014229'],
    [1_000_000_000_000n, '1'],
    [-1_500_000_000_000n, '-1.5'],
    [9_990_010_000_000_000n, '9990.01'],
  ])('writes %s plainly', (amount, text) => {
    expect(formatUsd(amount)).toBe(text);
  });

  test('every amount survives the way out and back', () => {
    fc.assert(
      fc.property(fc.bigInt(), (amount) => {
        fc.pre(formatUsd(amount).length <= 64);
        expect(parseUsd(formatUsd(amount))).toBe(amount);
      }),
    );
  });

  test('is a plain decimal without trailing zeros', () => {
    fc.assert(
      fc.property(fc.bigInt(), (amount) => {
        expect(formatUsd(amount)).toMatch(/^-?(0|[1-9]\d*)(\.\d{0,11}[1-9])?$/);
      }),
    );
  });
});

describe('divideHalfEven', () => {
  const denominators = fc.bigInt({ min: 1n, max: 10n ** 24n });

  test.each([
    [1n, 2n, 0n],
    [3n, 2n, 2n],
    [5n, 2n, 2n],
    [-1n, 2n, 0n],
    [-3n, 2n, -2n],
    [3n, -2n, -2n],
    [7n, 3n, 2n],
    [8n, 3n, 3n],
  ])('%s / %s = %s', (numerator, denominator, quotient) => {
    expect(divideHalfEven(numerator, denominator)).toBe(quotient);
  });

  test('is never further than half a unit away, and even on a tie', () => {
    fc.assert(
      fc.property(fc.bigInt(), denominators, (numerator, denominator) => {
        const quotient = divideHalfEven(numerator, denominator);
        const distance = 2n * (numerator - quotient * denominator);
        const magnitude = distance < 0n ? -distance : distance;
        expect(magnitude <= denominator).toBe(true);
        if (magnitude === denominator) expect(quotient % 2n).toBe(0n);
      }),
    );
  });

  test('mirrors at zero', () => {
    fc.assert(
      fc.property(fc.bigInt(), denominators, (numerator, denominator) => {
        expect(divideHalfEven(-numerator, denominator)).toBe(
          -divideHalfEven(numerator, denominator),
        );
      }),
    );
  });

  test('refuses zero', () => {
    expect(() => divideHalfEven(1n, 0n)).toThrow(/zero/);
  });
});

describe('decimalFromNumber', () => {
  test.each([
    [2.25e-6, '0.00000225'],
    [0.00511, '0.00511'],
    [1e21, '1000000000000000000000'],
    [1.5e300, `15${'0'.repeat(299)}`],
    [-4.5e-5, '-0.000045'],
    [-4.5e-9, '-0.0000000045'],
    [-0, '0'],
    [12, '12'],
    [1e-80, '0'],
    [-5e-324, '0'],
  ])('%d → %s', (value, text) => {
    expect(decimalFromNumber(value)).toBe(text);
  });

  test('reads back as the same number', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = decimalFromNumber(value);
        expect(text).not.toMatch(/e/i);
        if (value === 0 || Math.abs(value) >= 1e-20)
          expect(Number(text)).toBe(value === 0 ? 0 : value);
        // What is finer than any price is cut: a number of an answer never becomes an endless string.
        else expect(Math.abs(Number(text))).toBeLessThanOrEqual(Math.abs(value));
        if (Math.abs(value) < 1e20) expect(() => parseDecimal(text)).not.toThrow();
      }),
    );
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])('refuses %d', (value) => {
    expect(() => decimalFromNumber(value)).toThrow(/finite/);
  });
});

test('parseDecimal gives numerator and digits', () => {
  expect(parseDecimal('-12.50')).toEqual([-1250n, 2]);
});
