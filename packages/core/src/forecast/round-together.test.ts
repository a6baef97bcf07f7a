import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseUsd } from '../money.js';
import { quantumOf, roundTo, roundTogether } from './round-together.js';

test('a forecast is rounded to cents, or to its fourth digit where it is small', () => {
  const quantum = (usd: string) => quantumOf(parseUsd(usd));
  expect(quantum('123456.78')).toBe(parseUsd('0.01'));
  expect(quantum('100')).toBe(parseUsd('0.01'));
  expect(quantum('9.87654')).toBe(parseUsd('0.001'));
  expect(quantum('0.0123456')).toBe(parseUsd('0.00001'));
  expect(quantum('0')).toBe(1n);
});

describe('amounts that are rounded together', () => {
  test('add up, and what is missing goes to those that lost most', () => {
    expect(roundTogether([14n, 13n, 13n], 40n, 10n)).toEqual([20n, 10n, 10n]);
    expect(roundTogether([5n, 5n], 10n, 10n)).toEqual([10n, 0n]);
  });

  test('add up to the rounded total, each less than two quanta from what it was', () => {
    const amounts = fc.array(fc.bigInt(-(10n ** 15n), 10n ** 15n), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(amounts, fc.constantFrom(1n, 10n, 10n ** 10n), (parts, quantum) => {
        const total = roundTo(
          parts.reduce((sum, part) => sum + part, 0n),
          quantum,
        );
        const rounded = roundTogether(parts, total, quantum);
        expect(rounded.reduce((sum, part) => sum + part, 0n)).toBe(total);
        rounded.forEach((part, index) => {
          const off = part - parts[index]!;
          expect((off < 0n ? -off : off) < 2n * quantum).toBe(true);
        });
      }),
    );
  });
});
