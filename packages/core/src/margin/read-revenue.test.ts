import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatUsd, parseUsd } from '../money.js';
import { monthsOf, proratedRevenue } from './prorate.js';
import { readRevenue } from './read-revenue.js';

const read = (...values: Record<string, unknown>[]) =>
  readRevenue(values.map((each, index) => ({ row: index + 2, values: each })));

describe('a revenue file', () => {
  test('says who pays how much for which time', () => {
    const october = { from: '2026-10-01T00:00:00.000Z', to: '2026-11-01T00:00:00.000Z' };
    expect(
      read(
        { tenant: 'acme', amount: '1200.50', period: '2026-10', plan: 'enterprise' },
        { user: 'ada@example.com', Amount_USD: 20, period: '2026-10-05/2026-11-05' },
        { plan: 'pro', amount: '9.99', period: '', currency: 'usd' },
        { tenant: 'yearly', amount: '12000', period: '2026' },
      ),
    ).toEqual([
      { for: 'tenant', key: 'acme', plan: 'enterprise', amount_usd: '1200.5', period: october },
      {
        for: 'user',
        key: 'ada@example.com',
        plan: null,
        amount_usd: '20',
        period: { from: '2026-10-05T00:00:00.000Z', to: '2026-11-05T00:00:00.000Z' },
      },
      { for: 'plan', key: 'pro', plan: null, amount_usd: '9.99', period: null },
      {
        for: 'tenant',
        key: 'yearly',
        plan: null,
        amount_usd: '12000',
        period: { from: '2026-01-01T00:00:00.000Z', to: '2027-01-01T00:00:00.000Z' },
      },
    ]);
  });

  test.each([
    [{ amount: '1' }, /row 2: it does not say who pays\. Give tenant or user/],
    [{ tenant: 'a', user: 'b', amount: '1' }, /row 2: it has a tenant and a user/],
    [{ tenant: 'a' }, /row 2: amount is missing/],
    [{ tenant: 'a', amount: '$1,200' }, /row 2: amount is "\$1,200"\. Write it as a plain number/],
    [{ tenant: 'a', amount: '1', currency: 'EUR' }, /row 2: currency is "EUR"\. .*convert/],
    [{ tenant: 'a', amount: '1', period: '2026-13' }, /row 2: period is "2026-13"\. Write 2026-10/],
    [{ tenant: 'a', amount: '1', period: '2026-02-30/2026-04-01' }, /row 2: period is/],
    [{ tenant: 'a', amount: '1', period: '2026-10-01' }, /row 2: period is/],
    [{ tenant: 'a', amount: '1', period: '2026-11/2026-10' }, /ends before it begins/],
    [{ tenat: 'a', amount: '1' }, /unknown field "tenat"\. Did you mean "tenant"\?/],
    [{ tenant: { id: 1 }, amount: '1' }, /tenant is no text/],
  ])('%j is refused with its row and the fix', (values, message) => {
    expect(() => read(values)).toThrow(message);
  });

  test('every bad row is named at once, up to twenty of them', () => {
    const rows = Array.from({ length: 25 }, () => ({ tenant: 'a' }));
    expect(() => read(...rows)).toThrow(/row 2: .*\n.*row 21: .*\n… and 5 more rows\.$/s);
    expect(() => read()).toThrow(/there is no row/);
  });
});

describe('revenue in a window', () => {
  const october = { from: '2026-10-01T00:00:00.000Z', to: '2026-11-01T00:00:00.000Z' };
  const monthly = { amount_usd: '31', period: null };

  test('is its part by time: a day of October is a 31st', () => {
    const day = { from: '2026-10-05T00:00:00.000Z', to: '2026-10-06T00:00:00.000Z' };
    expect(formatUsd(proratedRevenue(monthly, day))).toBe('1');
    expect(formatUsd(proratedRevenue(monthly, october))).toBe('31');
    const quarter = { from: '2026-10-01T00:00:00.000Z', to: '2027-01-01T00:00:00.000Z' };
    expect(formatUsd(proratedRevenue(monthly, quarter))).toBe('93');
    expect(formatUsd(proratedRevenue({ amount_usd: '92', period: quarter }, october))).toBe('31');
    expect(proratedRevenue({ amount_usd: '92', period: day }, quarter)).toBe(parseUsd('92'));
    const later = { from: '2027-05-01T00:00:00.000Z', to: '2027-06-01T00:00:00.000Z' };
    expect(proratedRevenue({ amount_usd: '92', period: day }, later)).toBe(0n);
  });

  test('months are whole and touch', () => {
    const window = { from: '2026-11-20T13:00:00.000Z', to: '2027-02-01T00:00:00.000Z' };
    expect(monthsOf(window).map(({ from }) => from.slice(0, 7))).toEqual([
      '2026-11',
      '2026-12',
      '2027-01',
    ]);
    expect(monthsOf({ from: window.from, to: window.from })).toEqual([]);
  });

  test('of two neighbouring windows it is that of both together, to the picodollar of each month', () => {
    const start = Date.parse(october.from);
    const moment = fc.integer({ min: 0, max: 200 * 86_400_000 });
    fc.assert(
      fc.property(moment, moment, moment, fc.bigInt(0n, 10n ** 15n), (a, b, c, amount) => {
        const [from, cut, to] = [a, b, c]
          .sort((x, y) => x - y)
          .map((time) => new Date(start + time).toISOString()) as [string, string, string];
        const line = { amount_usd: formatUsd(amount), period: null };
        const parts =
          proratedRevenue(line, { from, to: cut }) + proratedRevenue(line, { from: cut, to });
        const off = parts - proratedRevenue(line, { from, to });
        expect(off <= 2n && off >= -2n).toBe(true);
      }),
    );
  });
});
