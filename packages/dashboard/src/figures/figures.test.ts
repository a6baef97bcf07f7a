import { describe, expect, it } from 'vitest';
import { formatBytes, formatCompact, formatDuration, formatShare, plural } from './counts.js';
import { formatAgo, formatBucket, formatInstant, formatRange } from './times.js';

describe('counts', () => {
  it.each([
    [null, '–'],
    [0, '0%'],
    [0.0004, '<0.1%'],
    [0.1234, '12.3%'],
    [0.5, '50%'],
    [0.99999, '>99.9%'],
    [1, '100%'],
  ])('writes the share %s as %s', (share, shown) => expect(formatShare(share)).toBe(shown));

  it('keeps small counts exact and shortens large ones', () => {
    expect(formatCompact(9_999)).toBe('9,999');
    expect(formatCompact(12_345_678)).toBe('12.3M');
  });

  it.each([
    [840, '840 ms'],
    [3_240, '3.2 s'],
    [125_000, '2 min 05 s'],
    [7_260_000, '2 h 01 min'],
  ])('writes %s ms as %s', (milliseconds, shown) =>
    expect(formatDuration(milliseconds)).toBe(shown),
  );

  it('counts bytes in thousands, as disks are sold', () => {
    expect(formatBytes(18_400_000)).toBe('18.4 MB');
    expect(formatBytes(12)).toBe('12 B');
  });

  it('says one call and two calls', () => {
    expect([plural(1, 'call'), plural(2000, 'call')]).toEqual(['1 call', '2,000 calls']);
  });
});

describe('times are UTC', () => {
  const start = Date.parse('2026-03-19T14:00:00.000Z');

  it('names what a bucket covers', () => {
    expect(formatBucket(start, 'hour')).toBe('Thu 19 Mar, 14:00–15:00');
    expect(formatBucket(start, 'month')).toBe('March 2026');
  });

  it('leaves the clock out of whole days and names the last day, not the exclusive end', () => {
    expect(formatRange('2026-03-01T00:00:00.000Z', '2026-03-08T00:00:00.000Z')).toBe(
      '1 Mar – 7 Mar',
    );
    expect(formatRange('2026-03-19T13:00:00.000Z', '2026-03-19T14:00:00.000Z')).toBe(
      '19 Mar, 13:00 – 14:00',
    );
  });

  it('keeps the milliseconds of an instant', () => {
    expect(formatInstant('2026-03-19T14:03:22.114Z')).toBe('19 Mar 2026, 14:03:22.114');
  });

  it('says how long ago', () => {
    expect([0, 40_000, 180_000, 7_200_000].map(formatAgo)).toEqual([
      'just now',
      '40 s ago',
      '3 min ago',
      '2 h ago',
    ]);
  });
});
