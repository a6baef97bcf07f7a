import { divideHalfEven, parseUsd, type Picodollars } from '../money.js';
import type { Window } from '../report/query.js';
import type { RevenueLine } from './revenue.js';

/**
 * The part of what is paid for a period that falls in a window: by the time that they have in common, to
 * the millisecond, rounded half to even to the picodollar. What is paid for every month is paid for each
 * calendar month (UTC), so that a window of whole months has whole amounts. Payments have no end of their
 * own within an open period.
 */
export function proratedRevenue(
  { amount_usd: amount, period }: Pick<RevenueLine, 'amount_usd' | 'period'>,
  window: Window,
): Picodollars {
  const total = parseUsd(amount);
  if (period !== null) return partOf(total, period, window);
  return monthsOf(window).reduce((sum, month) => sum + partOf(total, month, window), 0n);
}

/** The calendar months (UTC) that a window touches, whole. */
export function monthsOf({ from, to }: Window): Window[] {
  const months: Window[] = [];
  if (from >= to) return months;
  const first = new Date(from);
  const end = Date.parse(to);
  let year = first.getUTCFullYear();
  let month = first.getUTCMonth();
  for (let start = Date.UTC(year, month); start < end; start = Date.UTC(year, month)) {
    month += 1;
    if (month === 12) {
      month = 0;
      year += 1;
    }
    months.push({
      from: new Date(start).toISOString(),
      to: new Date(Date.UTC(year, month)).toISOString(),
    });
  }
  return months;
}

function partOf(total: Picodollars, period: Window, window: Window): Picodollars {
  const [from, to] = [Date.parse(period.from), Date.parse(period.to)];
  const common = Math.min(to, Date.parse(window.to)) - Math.max(from, Date.parse(window.from));
  if (common <= 0) return 0n;
  return divideHalfEven(total * BigInt(common), BigInt(to - from));
}
