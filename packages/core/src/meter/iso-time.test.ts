import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isoTime } from './iso-time.js';

const farthest = 8_640_000_000_000_000;

test('it is what a date says, whichever time was asked for before', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -farthest, max: farthest }),
      fc.array(fc.integer({ min: -90_000, max: 90_000 }), { maxLength: 5 }),
      (time, steps) => {
        for (const step of [0, ...steps]) {
          const at = Math.min(Math.max(time + step, -farthest), farthest);
          expect(isoTime(at)).toBe(new Date(at).toISOString());
        }
      },
    ),
  );
});

test('parts of milliseconds are left out, and what is no time throws', () => {
  expect(isoTime(1_795_000_000_123.75)).toBe(new Date(1_795_000_000_123).toISOString());
  expect(() => isoTime(Number.NaN)).toThrow(RangeError);
  expect(() => isoTime(farthest + 1)).toThrow(RangeError);
});
