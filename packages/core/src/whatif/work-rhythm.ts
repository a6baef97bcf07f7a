import { shareOf } from '../answer/frame.js';
import type { QueryRow, Window } from '../report/query.js';

/** When the calls of a feature come. */
export interface WorkRhythm {
  /** `scheduled`: at certain hours of the day; `bursts`: in few hours; else `steady`. */
  kind: 'scheduled' | 'bursts' | 'steady';
  /** Of the hours of the window, those with any call. */
  active_hours_share: number | null;
  /** Of the calls, those in the four hours of the day that have most. */
  busiest_hours_share: number | null;
  /** These hours of the day (UTC), where they are `scheduled`. */
  hours: number[];
  sentence: string | null;
  /** For within a sentence. */
  short: string | null;
}

const hour = 3_600_000;
/** So many of 24 hours hold nearly all calls of what is scheduled. */
const fewHours = 4;
const nearlyAll = 0.8;
/** Work that comes in less than a fifth of the hours comes in bursts. */
const fewActive = 0.2;
/** A rhythm is not seen in less than two days. */
const leastLength = 2 * 24 * hour;

/** Of rows with `bucket` (hours) and `calls`. */
export function workRhythm(rows: readonly QueryRow[], window: Window, now: string): WorkRhythm {
  const active = rows.filter((row) => Number(row['calls'] ?? 0) > 0);
  const times = active.map((row) => Date.parse(String(row['bucket'])));
  const first = times.reduce((least, time) => Math.min(least, time), Infinity);
  const from = Math.max(Date.parse(window.from), first);
  const length = Math.min(Date.parse(window.to), Date.parse(now)) - from;
  const steady: WorkRhythm = {
    kind: 'steady',
    active_hours_share: null,
    busiest_hours_share: null,
    hours: [],
    sentence: null,
    short: null,
  };
  if (active.length === 0 || length < leastLength) return steady;
  const perHour = Array.from({ length: 24 }, () => 0);
  active.forEach((row, index) => {
    perHour[new Date(times[index]!).getUTCHours()]! += Number(row['calls']);
  });
  const total = perHour.reduce((a, b) => a + b, 0);
  const busiest = perHour
    .map((calls, hourOfDay) => ({ calls, hourOfDay }))
    .filter(({ calls }) => calls > 0)
    .toSorted((a, b) => b.calls - a.calls)
    .slice(0, fewHours);
  const inBusiest = shareOf(
    busiest.reduce((sum, { calls }) => sum + calls, 0),
    total,
  );
  const activeShare = shareOf(active.length, Math.max(length / hour, active.length));
  const shares = { active_hours_share: activeShare, busiest_hours_share: inBusiest };
  if ((inBusiest ?? 0) >= nearlyAll) {
    const hours = busiest.map(({ hourOfDay }) => hourOfDay).toSorted((a, b) => a - b);
    const said = hours.map((each) => `${String(each).padStart(2, '0')}:00`).join(', ');
    return {
      kind: 'scheduled',
      ...shares,
      hours,
      sentence: `${Math.round((inBusiest ?? 0) * 100)} % of its calls come in the hours from ${said} UTC.`,
      short: `nearly all of it from ${said} UTC`,
    };
  }
  if ((activeShare ?? 1) <= fewActive) {
    return {
      kind: 'bursts',
      ...shares,
      hours: [],
      sentence: `Its calls come in bursts: in ${Math.round((activeShare ?? 0) * 100)} % of the hours.`,
      short: 'which comes in bursts',
    };
  }
  return { ...steady, ...shares };
}
