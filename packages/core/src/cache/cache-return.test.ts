import { describe, expect, test } from 'vitest';
import type { Charge } from '../pricing/charge.js';
import { cacheReturn } from './cache-return.js';

const charge = (kind: string, quantity: number, rate: string, usd: string): Charge => ({
  kind,
  quantity,
  rate_usd: rate,
  per: 1_000_000,
  amount_usd: usd,
});
const plain = charge('input_uncached', 1_000, '3', '0.003');

describe('what caching returned on a call', () => {
  test('is what reads cost less, and writes more, than plain input at the call’s own rate', () => {
    const read = charge('cache_read', 10_000, '0.3', '0.003');
    const written = charge('cache_write_5m', 2_000, '3.75', '0.0075');
    expect(cacheReturn({ charges: [plain, read, written] })).toEqual({
      saved: 27_000_000_000n,
      premium: 1_500_000_000n,
      tokens: 12_000,
    });
  });

  test('is nothing without cached tokens, and unknown where no charge has the plain rate', () => {
    expect(cacheReturn({ charges: [plain] })).toBeNull();
    expect(cacheReturn({ charges: [charge('cache_read', 100, '0.3', '0.00003')] })).toBeNull();
  });

  test('is taken back and made anew by an adjustment, each side at its own rate', () => {
    const charges = [
      charge('input_uncached', -1_000, '3', '-0.003'),
      charge('cache_read', -10_000, '0.3', '-0.003'),
      charge('input_uncached', 1_000, '2', '0.002'),
      charge('cache_read', 10_000, '0.2', '0.002'),
    ];
    // 0.018 instead of 0.027.
    expect(cacheReturn({ charges })).toEqual({ saved: -9_000_000_000n, premium: 0n, tokens: 0 });
  });
});
