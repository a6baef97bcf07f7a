import { expect, test } from 'vitest';
import { monthBefore, monthWindow, readForecastMonth, weekdayOf } from './calendar.js';

const now = new Date('2026-11-22T20:00:00.000Z');

test('a month is its UTC days, and knows the one before, over the turn of the year too', () => {
  const january = monthWindow('2027-01');
  expect(january).toEqual({ from: '2027-01-01T00:00:00.000Z', to: '2027-02-01T00:00:00.000Z' });
  expect(monthBefore(january).from).toBe('2026-12-01T00:00:00.000Z');
});

test('what is no month is refused with how to write one, and so is guessing far ahead', () => {
  for (const text of ['2026-13', '2026', 'december', '2026-1', '']) {
    expect(() => readForecastMonth(text, now)).toThrow(/Write it as year and month: 2026-12/);
  }
  expect(readForecastMonth('2027-11', now)).toBe('2027-11');
  expect(() => readForecastMonth('2027-12', now)).toThrow(/a forecast goes to 2027-11/);
});

test('weeks begin on Monday', () => {
  expect(weekdayOf(Date.parse('2026-11-23'))).toBe(0);
  expect(weekdayOf(Date.parse('2026-11-22'))).toBe(6);
});
