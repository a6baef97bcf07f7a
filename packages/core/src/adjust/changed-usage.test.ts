import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { emptyTokens, type Usage } from '../usage/usage.js';
import { applyUsage, changedUsage } from './changed-usage.js';

const seconds = (audio_seconds: number): Usage => ({
  tokens: emptyTokens(),
  details: {},
  units: { audio_seconds },
  modifiers: {},
  estimated: false,
  raw: { duration: audio_seconds },
  notes: [],
});

/** What a call has after it is corrected once. */
const corrected = (before: number, after: number): Usage =>
  applyUsage(seconds(before), changedUsage(seconds(before), seconds(after))!);

/** Up to a billionth of a unit: 0.919, 7.264, 8.470000267. */
const quantity = fc
  .tuple(fc.integer({ min: 0, max: 1_000_000 }), fc.integer({ min: 0, max: 999_999_999 }))
  .map(([whole, billionths]) => Number(`${whole}.${String(billionths).padStart(9, '0')}`));

test('a fraction of a unit is corrected to what it is, without a trace of floating point', () => {
  const change = changedUsage(seconds(0.919), seconds(7.264))!;
  expect(change.units).toEqual({ audio_seconds: 6.345 });
  expect(applyUsage(seconds(0.919), change).units).toEqual({ audio_seconds: 7.264 });
});

test('any quantity can be corrected to any other, and then there is nothing to correct', () => {
  const booked = fc.oneof(quantity, fc.double({ min: 0, max: 1_000_000, noNaN: true }));
  fc.assert(
    fc.property(booked, quantity, (before, after) => {
      if (changedUsage(seconds(before), seconds(after)) === null) return;
      const restated = corrected(before, after);
      expect(restated.units['audio_seconds'] ?? 0).toBe(after);
      expect(changedUsage(restated, seconds(after))).toBeNull();
    }),
  );
});

test('finer than a billionth is no difference', () => {
  expect(changedUsage(seconds(8.470000267028809), seconds(8.4700002670288))).toBeNull();
  const restated = corrected(120.5, 8.470000267028809);
  expect(restated.units).toEqual({ audio_seconds: 8.470000267 });
  expect(changedUsage(restated, seconds(8.470000267028809))).toBeNull();
});

test('no quantity that a number can hold is too large or too small', () => {
  for (const extreme of [5e-324, 1e-12, 1e21, Number.MAX_VALUE]) {
    expect(changedUsage(seconds(extreme), seconds(extreme))).toBeNull();
    expect(changedUsage(seconds(extreme), seconds(3))?.units).toHaveProperty('audio_seconds');
  }
});
