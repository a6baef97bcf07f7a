import { expect, it } from 'vitest';
import { perMonth } from './per-month.js';

it('stretches the range of a window to that of a month', () => {
  const week = { low: '-7', expected: '14', high: '21' };
  expect(perMonth(week, '60')).toEqual({ low: '-30', expected: '60', high: '90' });
});

it('has no month where nothing is expected', () => {
  expect(perMonth({ low: '-1', expected: '0', high: '1' }, '0')).toBeNull();
});
