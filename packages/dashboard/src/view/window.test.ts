import { describe, expect, it } from 'vitest';
import {
  bucketChoices,
  bucketStarts,
  defaultBucket,
  isLive,
  previousWindow,
  windowOf,
} from './window.js';

const now = Date.parse('2026-03-31T14:25:10.500Z');
const preset = (name: '1h' | '24h' | '7d' | '30d' | 'month') =>
  ({ kind: 'preset', preset: name }) as const;

describe('windowOf', () => {
  it('begins sliding windows at a whole bucket and ends them after the newest call', () => {
    expect(windowOf(preset('24h'), now)).toEqual({
      from: '2026-03-30T15:00:00.000Z',
      to: '2026-03-31T14:25:10.501Z',
    });
    expect(windowOf(preset('30d'), now).from).toBe('2026-03-02T00:00:00.000Z');
  });

  it('begins the month at its first moment in UTC', () => {
    expect(windowOf(preset('month'), now).from).toBe('2026-03-01T00:00:00.000Z');
  });
});

describe('previousWindow', () => {
  it('is as long as what has elapsed of the current one', () => {
    expect(previousWindow(preset('24h'), now)).toEqual({
      from: '2026-03-29T15:00:00.000Z',
      to: '2026-03-30T14:25:10.501Z',
    });
  });

  it('ends with the previous month where that is shorter', () => {
    expect(previousWindow(preset('month'), now)).toEqual({
      from: '2026-02-01T00:00:00.000Z',
      to: '2026-03-01T00:00:00.000Z',
    });
  });

  it('ends where a custom window begins', () => {
    const custom = {
      kind: 'custom',
      from: '2026-03-10T00:00:00.000Z',
      to: '2026-03-12T00:00:00.000Z',
    } as const;
    expect(previousWindow(custom, now)).toEqual({
      from: '2026-03-08T00:00:00.000Z',
      to: '2026-03-10T00:00:00.000Z',
    });
    expect(isLive(custom, now)).toBe(false);
    expect(isLive(preset('1h'), now)).toBe(true);
  });
});

describe('buckets', () => {
  it('lists every bucket that the window touches, empty ones included', () => {
    const starts = bucketStarts(windowOf(preset('24h'), now), 'hour');
    expect(starts).toHaveLength(24);
    expect(new Date(starts[23] as number).toISOString()).toBe('2026-03-31T14:00:00.000Z');
  });

  it('begins weeks on Monday and months on the first', () => {
    const window = { from: '2026-01-15T10:00:00.000Z', to: '2026-03-02T00:00:00.000Z' };
    expect(new Date(bucketStarts(window, 'week')[0] as number).getUTCDay()).toBe(1);
    expect(bucketStarts(window, 'month').map((start) => new Date(start).getUTCMonth())).toEqual([
      0, 1, 2,
    ]);
  });

  it('offers sizes that neither flood nor empty the chart', () => {
    expect(bucketChoices(windowOf(preset('24h'), now))).toEqual(['hour']);
    expect(bucketChoices(windowOf(preset('7d'), now))).toEqual(['hour', 'day']);
    const decade = { from: '2016-01-01T00:00:00.000Z', to: '2026-01-01T00:00:00.000Z' };
    expect(defaultBucket({ kind: 'custom', ...decade }, decade)).toBe('month');
  });
});
