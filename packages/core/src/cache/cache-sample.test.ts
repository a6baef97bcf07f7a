import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { planSpans, sampleCalls } from './cache-sample.js';
import type { PrefixedCall, PrefixSearch } from './prefix-search.js';

const hour = 3_600_000;
const begin = Date.UTC(2026, 2, 1);

describe('the calls that settings are judged by', () => {
  test('are all of them where they are few', () => {
    const span = 7 * 24 * hour;
    expect(planSpans(begin, begin + span, 20_000)).toEqual({
      starts: [begin],
      length: span,
      oneIn: 1,
    });
  });

  test('are whole stretches within the window, that hold no more than can be played', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10_000_000 }),
        fc.integer({ min: 1, max: 100 * 24 }),
        (calls, hours) => {
          const end = begin + hours * hour;
          const { starts, length, oneIn } = planSpans(begin, end, calls);
          const rate = calls / (hours * hour);
          const expected = (rate * starts.length * Math.min(length + hour, end - begin)) / oneIn;
          expect(expected).toBeLessThanOrEqual(40_000 * 1.01);
          expect(Math.log2(oneIn) % 1).toBe(0);
          starts.forEach((from, index) => {
            expect(from).toBeGreaterThanOrEqual(begin);
            expect(from + length).toBeLessThanOrEqual(end + 1);
            if (index > 0) expect(from).toBeGreaterThanOrEqual(starts[index - 1]! + length - 1);
          });
        },
      ),
    );
  });

  test('begin an hour before their stretch, so that its caches are warm', async () => {
    const asked: PrefixSearch[] = [];
    const prefixes = async (search: PrefixSearch): Promise<PrefixedCall[]> => {
      asked.push(search);
      return [];
    };
    const window = { from: '2026-03-01T10:00:00.000Z', to: '2026-03-01T12:00:00.000Z' };
    const request = { by: [], window, filters: [], calls: 5, now: Date.parse(window.to) };
    expect(await sampleCalls(prefixes, request)).toMatchObject({ spans: [], oneIn: 1 });
    expect(asked[0]!.window.from).toBe('2026-03-01T09:00:00.000Z');
  });

  test('are none of a window in the future', async () => {
    const window = { from: '2027-03-01T10:00:00.000Z', to: '2027-03-01T12:00:00.000Z' };
    const request = { by: [], window, filters: [], calls: 0, now: begin };
    expect((await sampleCalls(async () => [], request)).spans).toEqual([]);
  });
});
