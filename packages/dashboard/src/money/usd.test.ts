import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  basisPoints,
  columnDigits,
  formatUsd,
  formatUsdAt,
  formatUsdExact,
  isUnpriced,
  parseUsd,
  sumUsd,
  toDecimal,
} from './usd.js';

describe('formatUsd', () => {
  it.each([
    ['0', '$0.00'],
    ['1234.56', '$1,234.56'],
    ['1234567.891', '$1,234,567.89'],
    ['0.0042', '$0.0042'],
    ['0.00421567', '$0.00422'],
    ['0.5', '$0.50'],
    ['0.4567', '$0.457'],
    ['0.9996', '$1.00'],
    ['0.000000000001', '$0.000000000001'],
    ['-12.5', '−$12.50'],
    ['9990.01', '$9,990.01'],
  ])('writes %s as %s', (usd, shown) => expect(formatUsd(usd)).toBe(shown));

  it('rounds half to even, as the ledger does', () => {
    expect(formatUsd('1.125')).toBe('$1.12');
    expect(formatUsd('1.135')).toBe('$1.14');
  });

  it('keeps cents that a float would lose', () => {
    expect(formatUsd('9007199254740993.01')).toBe('$9,007,199,254,740,993.01');
  });
});

describe('formatUsdExact', () => {
  it.each([
    ['1234.567890123456', '$1,234.567890123456'],
    ['0.1', '$0.10'],
    ['3', '$3.00'],
  ])('writes %s as %s', (usd, shown) => expect(formatUsdExact(usd)).toBe(shown));
});

it('refuses what is not a decimal amount', () => {
  for (const text of ['', '1e-7', 'NaN', '1,000', '.5', '0.1234567890123'])
    expect(() => parseUsd(text)).toThrow('not a decimal amount');
});

it('reads and writes every amount without loss', () => {
  fc.assert(
    fc.property(fc.bigInt(-(10n ** 24n), 10n ** 24n), (pico) => {
      expect(parseUsd(toDecimal(pico))).toBe(pico);
    }),
  );
});

it('sums exactly and leaves out unknown amounts', () => {
  expect(toDecimal(sumUsd(['0.1', null, '0.2']))).toBe('0.3');
});

it('gives shares in hundredths of a percent, and none of nothing', () => {
  expect(basisPoints(parseUsd('1'), parseUsd('3'))).toBe(3333);
  expect(basisPoints(1n, 0n)).toBeNull();
});

it('takes a sum of unknown amounts for unknown', () => {
  expect(isUnpriced('0', 3)).toBe(true);
  expect(isUnpriced('0', 0)).toBe(false);
  expect(isUnpriced('0.1', 3)).toBe(false);
});

describe('a column', () => {
  it('has the decimals that its largest amount needs', () => {
    expect(columnDigits(['9.26', '0.0812', null])).toBe(2);
    expect(columnDigits(['0.0844', '0.00002'], 1)).toBe(5);
    expect(columnDigits([null])).toBe(2);
  });

  it('never shows something as nothing', () => {
    expect(formatUsdAt('0.004', 2)).toBe('<$0.01');
    expect(formatUsdAt('0', 2)).toBe('$0.00');
    expect(formatUsdAt('1234.567', 2)).toBe('$1,234.57');
  });
});
