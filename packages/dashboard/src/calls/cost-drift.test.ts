import { isDrifted, parseUsd } from '@farthing/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { costDrift, formatDrift } from './cost-drift.js';

describe('COST_DRIFT', () => {
  it.each([
    ['0.0100', '0.0130', false],
    ['0.0100', '0.013000000001', true],
    ['0.0100', '0.0069', true],
    // Of next to nothing: a hundredth of a cent more is no drift.
    ['0.000001', '0.00003', false],
    ['0', '0.00004', true],
  ])('%s expected, %s actual: %s', (expected, actual, isDrift) =>
    expect(costDrift(expected, actual).isDrift).toBe(isDrift),
  );

  it('is decided as the ledger decides it', () => {
    const pico = fc.bigInt(0n, 10n ** 13n);
    const text = (amount: bigint) =>
      `${amount / 10n ** 12n}.${String(amount % 10n ** 12n).padStart(12, '0')}`;
    fc.assert(
      fc.property(pico, pico, (expected, actual) => {
        const [before, after] = [text(expected), text(actual)];
        expect(costDrift(before, after).isDrift).toBe(isDrifted(parseUsd(before), parseUsd(after)));
      }),
    );
  });

  it('is no share of nothing', () => expect(costDrift('0', '0.5').share).toBeNull());
});

it.each([
  [0.41, '+41%'],
  [-0.083, '−8.3%'],
  [0.00001, '±0%'],
  [null, '–'],
])('writes %s as %s', (share, text) => expect(formatDrift(share)).toBe(text));
