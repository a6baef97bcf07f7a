import { describe, expect, test } from 'vitest';
import { costFloor } from './cost-floor.js';

const row = (p50: string, p90: string, p95: string, p99: string) => ({
  cost_p50: p50,
  cost_p90: p90,
  cost_p95: p95,
  cost_p99: p99,
});

describe('from which cost on a call is an outlier', () => {
  test('is 3 × the median where costs are close together', () => {
    expect(costFloor(row('1', '1.1', '1.15', '1.2'), 10_000)).toEqual({
      calls: 10_000,
      median_usd: '1',
      floor_usd: '3',
    });
  });

  test('lies in the tail where they are not: one call in a thousand of an exponential of logarithms', () => {
    // A Pareto distribution of index 2: the percentile of share q is (1 − q)^(−1/2).
    const pareto = (share: number) => ((1 - share) ** -0.5).toFixed(9);
    const spread = row(pareto(0.5), pareto(0.9), pareto(0.95), pareto(0.99));
    for (const calls of [40, 299, 300, 1_000_000]) {
      expect(Number(costFloor(spread, calls)!.floor_usd)).toBeCloseTo(0.001 ** -0.5, 6);
    }
  });

  test('in a small group an outlier at its 99th percentile does not hide itself', () => {
    const floor = costFloor(row('1', '1.2', '1.3', '900'), 60)!;
    expect(Number(floor.floor_usd)).toBeLessThan(5);
  });

  test('is not known of few calls, of free ones, and of none', () => {
    expect(costFloor(row('1', '2', '3', '4'), 29)).toBeNull();
    expect(costFloor(row('0', '0', '0', '5'), 1_000)).toBeNull();
    expect(costFloor({ cost_p50: null }, 1_000)).toBeNull();
    expect(costFloor(undefined, 1_000)).toBeNull();
  });

  test('a tail beyond all money lets nothing through', () => {
    expect(costFloor(row('0.000000000001', '1', '9000000', '9000000'), 40)!.floor_usd).toBe(
      '9223372.036854775807',
    );
  });
});
