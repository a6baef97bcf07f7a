import { expect, test } from 'vitest';
import { shareOfDayOver } from './day-profile.js';

const now = Date.parse('2026-03-10T12:30:00.000Z');
const hours = (days: number, cost: (hour: number) => number) =>
  Array.from({ length: 24 * days }, (_, index) => ({
    bucket: new Date(Date.parse('2026-03-10') - (index + 1) * 3_600_000).toISOString(),
    cost: String(cost(23 - (index % 24))),
  }));

test('the share of a day that is over is that of its usual hours', () => {
  const morning = shareOfDayOver(
    hours(28, (hour) => (hour < 12 ? 1 : 0)),
    now,
  );
  expect(morning).toBeGreaterThan(0.93);
  const evening = shareOfDayOver(
    hours(28, (hour) => (hour < 13 ? 0 : 1)),
    now,
  );
  expect(evening).toBeLessThan(0.07);
});

test('without hours it is that of the time, and a day or two are not believed', () => {
  expect(shareOfDayOver([], now)).toBeCloseTo(12.5 / 24, 9);
  const one = shareOfDayOver(
    hours(1, (hour) => (hour === 23 ? 1 : 0)),
    now,
  );
  expect(one).toBeGreaterThan(0.35);
});

test('today’s own hours do not count: it is not over', () => {
  const today = { bucket: '2026-03-10T00:00:00.000Z', cost: '1000' };
  expect(shareOfDayOver([today], now)).toBeCloseTo(12.5 / 24, 9);
});
