import { describe, expect, test } from 'vitest';
import { asOfClosing, closingOf, monthWindow } from './closing.js';
import type { Closing } from './restatement.js';

const closing = (month: string, asOf: string): Closing => ({
  month,
  as_of: asOf,
  closed_at: asOf,
  by: 'ada',
  totals: {
    calls: 0,
    unpriced_calls: 0,
    cost: '0',
    list_cost: '0',
    tokens_input: 0,
    tokens_output: 0,
  },
  rows: [],
});
const first = closing('2026-10', '2026-11-03T09:00:00.000Z');
const again = closing('2026-10', '2026-11-20T09:00:00.000Z');

test('a month is a half-open window in UTC, also in December', () => {
  expect(monthWindow('2026-10')).toEqual({
    from: '2026-10-01T00:00:00.000Z',
    to: '2026-11-01T00:00:00.000Z',
  });
  expect(monthWindow('2026-12').to).toBe('2027-01-01T00:00:00.000Z');
});

test.each(['2026-13', '2026-1', 'october', '2026-10-01', ''])('"%s" is no month', (text) => {
  expect(() => monthWindow(text)).toThrow(expect.objectContaining({ code: 'invalid_month' }));
});

test('the last closing of a month holds', () => {
  expect(closingOf('2026-10', [first, closing('2026-09', '2026-10-02T00:00:00.000Z'), again])).toBe(
    again,
  );
  expect(closingOf('2026-11', [first])).toBeNull();
});

describe('as of "closed"', () => {
  test('is the closing of the month that the window lies in, whole or in part', () => {
    expect(asOfClosing(monthWindow('2026-10'), [first])).toBe(first.as_of);
    const day = { from: '2026-10-31T00:00:00.000Z', to: '2026-11-01T00:00:00.000Z' };
    expect(asOfClosing(day, [first])).toBe(first.as_of);
  });

  test.each([
    ['no window', undefined],
    ['a window over two months', { from: monthWindow('2026-10').from, to: '2026-11-02T00:00:00Z' }],
    ['a month that is not closed', monthWindow('2026-09')],
  ])('is refused for %s', (_, window) => {
    expect(() => asOfClosing(window, [first])).toThrow(
      expect.objectContaining({ code: 'invalid_as_of' }),
    );
  });
});
