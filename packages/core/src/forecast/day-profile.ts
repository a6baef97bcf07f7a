import type { QueryRow } from '../report/query.js';
import { hourMilliseconds, startOfDay } from './calendar.js';

/** An hour counts as if it had so many more average days behind it: a few calls are no pattern. */
const priorDays = 3;

/**
 * How much of what a day takes it usually has taken at this moment of the day, 0 to 1: from the hours of
 * the last weeks. Without any, time itself.
 *
 * @param rows buckets of hours with their `cost`
 */
export function shareOfDayOver(rows: readonly QueryRow[], now: number): number {
  const hours = Array.from({ length: 24 }, () => 0);
  const today = startOfDay(now);
  let earliest = today;
  for (const row of rows) {
    const at = Date.parse(String(row['bucket']));
    // Today is not over: its early hours would count for more than they are.
    if (!(at < today)) continue;
    earliest = Math.min(earliest, startOfDay(at));
    const hour = new Date(at).getUTCHours();
    hours[hour] = hours[hour]! + Math.max(0, Number(row['cost'] ?? 0));
  }
  const total = hours.reduce((sum, hour) => sum + hour, 0);
  const days = (today - earliest) / (24 * hourMilliseconds);
  const hourly = total > 0 ? total / days / 24 : 1;
  const shares = hours.map((taken) => taken + priorDays * hourly);
  const whole = shares.reduce((sum, share) => sum + share, 0);
  const over = (now - today) / hourMilliseconds;
  const full = Math.floor(over);
  const taken = shares.slice(0, full).reduce((sum, share) => sum + share, 0);
  return Math.min(1, (taken + (over - full) * (shares[full] ?? 0)) / whole);
}
