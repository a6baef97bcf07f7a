import type { Closing } from '@farthing/core';
import { expect, it } from 'vitest';
import { closingOf, formatMonth, monthWindow } from './closed-month.js';

const closing = (month: string, as_of: string) => ({ month, as_of }) as Closing;
const october = monthWindow('2026-10').window;
const first = closing('2026-10', '2026-11-02T09:00:00.000Z');
const again = closing('2026-10', '2026-11-05T09:00:00.000Z');

it('a month is the window of its whole days, also the last of a year', () => {
  expect(monthWindow('2026-12').window).toMatchObject({
    from: '2026-12-01T00:00:00.000Z',
    to: '2027-01-01T00:00:00.000Z',
  });
  expect(formatMonth('2026-10')).toBe('October 2026');
});

it.each([
  ['the month at the time of its closing', { window: october, asOf: first.as_of }, first],
  ['the month at the time of a later closing', { window: october, asOf: again.as_of }, again],
  ['the month at any other time', { window: october, asOf: '2026-11-03T00:00:00.000Z' }, null],
  ['the month as known now', { window: october, asOf: null }, null],
  [
    'another month at that time',
    { window: monthWindow('2026-09').window, asOf: first.as_of },
    null,
  ],
])('%s', (_, view, found) => {
  expect(closingOf(view, [first, again])).toBe(found);
});
