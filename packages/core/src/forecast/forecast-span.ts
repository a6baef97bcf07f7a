import type { Window } from '../report/query.js';
import { dayMilliseconds, monthBefore, startOfDay } from './calendar.js';
import type { Days } from './daily-spend.js';

/** The forecast rests on so many days at most. */
const historyDays = 182;

/** Where the month lies among the days that are read and the steps that are forecast. */
export interface ForecastSpan {
  days: Days;
  /** Indexes of the month's days among `days`: from, to (exclusive, as far as they are over or run). */
  booked: { from: number; to: number };
  /** The month before, the same way; null where it is not over. */
  before: { from: number; to: number } | null;
  /** Steps of the month: 0 is the rest of today. */
  ahead: { from: number; to: number };
  steps: number;
  /** Of the month that lies before the moment of the forecast, 0 to 1. */
  elapsed: number;
}

/** @param moment of the forecast, ISO 8601: in the month, before it, or its end */
export function spanOf(window: Window, moment: string): ForecastSpan {
  const now = Date.parse(moment);
  const today = startOfDay(now);
  const [from, to] = [Date.parse(window.from), Date.parse(window.to)];
  const earlier = monthBefore(window);
  const earliest = Math.min(today - historyDays * dayMilliseconds, Date.parse(earlier.from));
  const days = { first: earliest, count: (today - earliest) / dayMilliseconds + 1 };
  const dayAt = (time: number) => (time - earliest) / dayMilliseconds;
  const stepAt = (time: number) => Math.max(0, (time - today) / dayMilliseconds);
  const steps = stepAt(to);
  return {
    days,
    booked: { from: Math.min(dayAt(from), days.count), to: Math.min(dayAt(to), days.count) },
    before: now < from ? null : { from: dayAt(Date.parse(earlier.from)), to: dayAt(from) },
    ahead: { from: stepAt(from), to: steps },
    steps,
    elapsed: Math.min(1, Math.max(0, (now - from) / (to - from))),
  };
}
