import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  breakEvenReads,
  savedShare,
  simulateCache,
  type CachedCall,
  type CachePolicy,
} from './simulate-cache.js';

const minute = 60_000;
const policy: CachePolicy = { ttl: 5 * minute, minimumTokens: 1_024, write: 'all' };
const call = (at: number, ...tokens: number[]): CachedCall => ({
  at: at * minute,
  marks: tokens.map((each) => ({ key: String(each), tokens: each })),
  input: tokens.at(-1)! + 100,
});

describe('a cache', () => {
  test('is written by the first call and read by the next, up to what they share', () => {
    const calls = [call(0, 2_000, 3_000), call(1, 2_000, 4_000)];
    expect(simulateCache(calls, policy)).toEqual({ read: 2_000, written: 5_000, plain: 200 });
  });

  test('forgets after its time, which every use begins anew', () => {
    const read = (...minutes: number[]) =>
      simulateCache(
        minutes.map((at) => call(at, 2_000)),
        policy,
      ).read;
    expect(read(0, 5)).toBe(2_000);
    expect(read(0, 5.1)).toBe(0);
    expect(read(0, 4, 8, 12)).toBe(6_000);
  });

  test('takes no prompt under its minimum, and counts in its steps', () => {
    const short = [call(0, 1_000), call(1, 1_000)];
    expect(simulateCache(short, policy)).toEqual({ read: 0, written: 0, plain: 2_200 });
    const stepped = simulateCache([call(0, 1_500), call(1, 1_500)], { ...policy, step: 128 });
    expect(stepped).toEqual({ read: 1_408, written: 1_408, plain: 384 });
  });

  test('that writes on second sighting pays nothing for what comes once', () => {
    const later: CachePolicy = { ...policy, write: 'second_sighting' };
    expect(simulateCache([call(0, 2_000)], later).written).toBe(0);
    const thrice = [call(0, 2_000), call(1, 2_000), call(2, 2_000)];
    expect(simulateCache(thrice, later)).toEqual({ read: 2_000, written: 2_000, plain: 2_300 });
  });

  test('that nobody writes to returns nothing', () => {
    const none = simulateCache([call(0, 2_000), call(1, 2_000)], { ...policy, write: 'none' });
    expect(none).toEqual({ read: 0, written: 0, plain: 4_200 });
  });

  test('has every token once, and reads no less the longer it remembers', () => {
    const calls = fc
      .array(fc.tuple(fc.nat(3_600), fc.nat(3), fc.integer({ min: 1, max: 5 })), { maxLength: 60 })
      .map((all) =>
        all
          .toSorted(([a], [b]) => a - b)
          .map(([seconds, branch, depth]): CachedCall => ({
            at: seconds * 1_000,
            marks: Array.from({ length: depth }, (_, index) => ({
              key: index < 2 ? String(index) : `${branch}.${index}`,
              tokens: (index + 1) * 700,
            })),
            input: depth * 700 + 50,
          })),
      );
    fc.assert(
      fc.property(calls, (all) => {
        const short = simulateCache(all, policy);
        const long = simulateCache(all, { ...policy, ttl: 60 * minute });
        const input = all.reduce((sum, each) => sum + each.input, 0);
        expect(short.read + short.written + short.plain).toBe(input);
        expect(long.read).toBeGreaterThanOrEqual(short.read);
        const marked = long.read + long.written;
        expect(marked).toBe(short.read + short.written);
      }),
    );
  });
});

test('a write pays after 0.28 reads at five minutes, after 1.11 at one hour', () => {
  expect(breakEvenReads({ input: 1, read: 0.1, write: 1.25 })).toBeCloseTo(0.28, 2);
  expect(breakEvenReads({ input: 1, read: 0.1, write: 2 })).toBeCloseTo(1.11, 2);
  expect(breakEvenReads({ input: 1, read: 1, write: 1 })).toBeNull();
  expect(savedShare({ read: 0, written: 0, plain: 0 }, { input: 1, read: 0, write: 1 })).toBe(0);
});
