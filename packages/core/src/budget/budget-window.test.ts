import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countedSpan, partAt, startOfPart, type WindowUnit } from './budget-window.js';

const at = Date.parse('2026-11-22T16:45:30.500Z');

test('calendar windows begin at UTC boundaries, weeks on Monday', () => {
  const from = (unit: WindowUnit) =>
    new Date(countedSpan({ unit, rolling: false }, at).from).toISOString();
  expect(from('minute')).toBe('2026-11-22T16:45:00.000Z');
  expect(from('hour')).toBe('2026-11-22T16:00:00.000Z');
  expect(from('day')).toBe('2026-11-22T00:00:00.000Z');
  expect(from('week')).toBe('2026-11-16T00:00:00.000Z');
  expect(from('month')).toBe('2026-11-01T00:00:00.000Z');
  expect(countedSpan({ unit: 'month', rolling: false }, at).resetsAt).toBe(Date.UTC(2026, 11));
});

test('a rolling window reaches at least its length back, and at most a sixtieth more', () => {
  const { from } = countedSpan({ unit: 'hour', rolling: true }, at);
  const hour = 3_600_000;
  expect(at - from).toBeGreaterThanOrEqual(hour);
  expect(at - from).toBeLessThanOrEqual(hour + hour / 60);
});

test('a total never resets', () => {
  const span = countedSpan({ unit: 'total', rolling: false }, at);
  expect(span).toEqual({ from: -Infinity, resetsAt: Infinity });
});

test('every moment lies in its part', () => {
  const unit = fc.constantFrom('minute', 'hour', 'day', 'week', 'month');
  fc.assert(
    fc.property(unit, fc.boolean(), fc.integer({ min: 0, max: 4e12 }), (name, rolling, moment) => {
      const window = { unit: name, rolling } as const;
      const part = partAt(window, moment);
      expect(startOfPart(window, part)).toBeLessThanOrEqual(moment);
      expect(startOfPart(window, part + 1)).toBeGreaterThan(moment);
    }),
  );
});
