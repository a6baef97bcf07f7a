import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  decimalOf,
  formatDecimal,
  longestRateRead,
  multiplyDecimals,
  roundDecimal,
} from './decimal.js';
import { compileRate } from './rate-card.js';

const row = { book: 'b', provider: 'acme', model: 'anvil-1' };
const decimal = (most: bigint) =>
  fc.record({ numerator: fc.bigInt({ min: 0n, max: most }), digits: fc.constant(12) });
const rate = decimal(10n ** 16n);
const factors = fc.array(decimal(10n ** 13n), { maxLength: 6 });

test('law: whatever is multiplied into a rate, what is written is read again and fits a record', () => {
  fc.assert(
    fc.property(rate, factors, (first, others) => {
      const product = others.reduce(multiplyDecimals, first);
      const { rate: written } = compileRate(product, 1_000_000, 'override', row);
      expect(written.length).toBeLessThanOrEqual(64);
      expect(formatDecimal(decimalOf(written))).toBe(written);
      expect(decimalOf(written)).toEqual(roundDecimal(decimalOf(written), 18));
    }),
  );
});

test('a rate is rounded half to even', () => {
  const rounded = (text: string) => formatDecimal(roundDecimal(decimalOf(text), 2));
  expect(['0.125', '0.135', '0.1350001', '0.12'].map(rounded)).toEqual([
    '0.12',
    '0.14',
    '0.14',
    '0.12',
  ]);
});

test('longer rates of earlier records are read, digits without end are not', () => {
  const text = `0.${'3'.repeat(100)}`;
  expect(formatDecimal(decimalOf(text))).toBe(text);
  expect(() => decimalOf(`0.${'3'.repeat(longestRateRead)}`)).toThrow(/plain decimal/);
});
