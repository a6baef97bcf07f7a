import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { costDrift } from '../estimate/estimator.js';
import { comparedEstimate } from './compared-estimate.js';
import { driftMillionths, isDrifted, rowDrift } from './cost-drift.js';
import type { Entry } from '../entry.js';

describe('drift of a call', () => {
  test('begins beyond 30 % of the estimate, exactly', () => {
    expect(isDrifted(1_000_000_000n, 1_300_000_000n)).toBe(false);
    expect(isDrifted(1_000_000_000n, 1_300_000_001n)).toBe(true);
    expect(isDrifted(1_000_000_000n, 700_000_000n)).toBe(false);
    expect(isDrifted(1_000_000_000n, 699_999_999n)).toBe(true);
    expect(isDrifted(1_000_000_000n, 1_300_000_001n, 0.5)).toBe(false);
  });

  test('takes estimates below 0.0001 USD as that much', () => {
    expect(isDrifted(0n, 30_000_000n)).toBe(false);
    expect(isDrifted(0n, 30_000_001n)).toBe(true);
  });

  test('agrees with the figure that is shown, but for its rounding', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 14n), fc.bigInt(0n, 10n ** 14n), (estimated, actual) => {
        const shown = Math.abs(costDrift(estimated, actual));
        fc.pre(Math.abs(shown - 0.3) > 0.000_001);
        expect(isDrifted(estimated, actual)).toBe(shown > 0.3);
      }),
    );
  });

  test('is not known where a cost is not, and belongs to calls', () => {
    expect(rowDrift('call', '0.001', '0.0015')).toBe(0.5);
    expect(rowDrift('call', '0.001', null)).toBeNull();
    expect(rowDrift('call', null, '0.001')).toBeNull();
    expect(rowDrift('adjustment', '0.001', '0.0015')).toBeNull();
  });

  test('has a threshold that is a share', () => {
    expect(driftMillionths(0.3)).toBe(300_000n);
    for (const threshold of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => driftMillionths(threshold)).toThrow(RangeError);
    }
  });
});

describe('what is compared with its estimate', () => {
  const estimate = { input_tokens: 10, output_tokens: 5, method: 'learned' };
  const usage = { estimated: false } as Entry['usage'];
  test('calls whose usage was counted', () => {
    expect(comparedEstimate({ kind: 'call', estimate, usage })).toBe(estimate);
  });
  test('not those whose usage is an estimate or unknown, nor those without an estimate', () => {
    const estimated = { estimated: true } as Entry['usage'];
    expect(comparedEstimate({ kind: 'call', estimate, usage: estimated })).toBeNull();
    expect(comparedEstimate({ kind: 'call', estimate, usage: null })).toBeNull();
    expect(comparedEstimate({ kind: 'call', usage })).toBeNull();
    const none = { ...estimate, method: 'none' };
    expect(comparedEstimate({ kind: 'call', estimate: none, usage })).toBeNull();
  });
});
