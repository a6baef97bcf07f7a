import { formatUsd } from '../money.js';
import { picodollars, type Projected, type UsdInterval } from './amounts.js';
import { dayMilliseconds, iso } from './calendar.js';
import { spentBetween } from './daily-spend.js';
import type { ForecastSpan } from './forecast-span.js';
import { quantumOf, roundTo } from './round-together.js';

/** A UTC day of a forecast, for charts. ForecastAmounts are USD. */
export interface ForecastPoint {
  /** Where the day begins, ISO 8601. */
  at: string;
  /** What was spent; exact. Null for days to come. */
  actual_usd: string | null;
  /** What is still to come on the day; of today, its rest. Null for days that are over. */
  expected_usd: string | null;
  /** Of the forecast month: what it has taken by the end of the day. Null outside of it. */
  month_to_date: {
    expected_usd: string;
    interval_80: UsdInterval;
    interval_95: UsdInterval;
  } | null;
}

/** So many days before today are shown where the month itself does not begin earlier. */
const shownBefore = 28;

/** The days of the total, from four weeks ago or the month's beginning to the month's end. */
export function pointsOf({ spend, projection }: Projected, span: ForecastSpan): ForecastPoint[] {
  const { days, booked, ahead, steps } = span;
  const today = days.count - 1;
  const monthOver = steps === 0;
  const first = Math.max(0, Math.min(booked.from, monthOver ? booked.from : today - shownBefore));
  const last = monthOver ? booked.to - 1 : today + steps - 1;
  const monthSteps = ahead.to - ahead.from;
  const quantum = quantumOf(
    spentBetween(spend, booked.from, booked.to) +
      picodollars(monthSteps > 0 ? projection.expected(ahead.from, ahead.to) : 0),
  );
  const usd = (amount: number) => roundTo(picodollars(amount), quantum);
  const points: ForecastPoint[] = [];
  for (let day = first; day <= last; day++) {
    const step = day - today;
    const inMonth = step >= 0 ? step >= ahead.from : day >= booked.from;
    const spent = spentBetween(spend, booked.from, Math.min(day + 1, booked.to));
    const sum = (amount: number) => formatUsd(roundTo(spent, quantum) + usd(amount));
    const interval = (confidence: 80 | 95): UsdInterval => {
      const { low, high } =
        step >= 0 ? projection.interval(confidence, ahead.from, step + 1) : { low: 0, high: 0 };
      return { low_usd: sum(low), high_usd: sum(high) };
    };
    points.push({
      at: iso(days.first + day * dayMilliseconds),
      actual_usd: step > 0 ? null : formatUsd(spend.usd[day]!),
      expected_usd: step < 0 || monthOver ? null : formatUsd(usd(projection.path[step]!)),
      month_to_date: inMonth
        ? {
            expected_usd: sum(step >= 0 ? projection.expected(ahead.from, step + 1) : 0),
            interval_80: interval(80),
            interval_95: interval(95),
          }
        : null,
    });
  }
  return points;
}
