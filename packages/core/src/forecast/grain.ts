import { dayMilliseconds, hourMilliseconds } from './calendar.js';

/** What a forecast of a window goes by: the bucket, how far back, and how far ahead where it has no end. */
export interface Grain {
  bucket: 'day' | 'hour';
  step: number;
  season: number;
  /** Steps. */
  history: number;
  ahead: number;
}

export const days: Grain = {
  bucket: 'day',
  step: dayMilliseconds,
  season: 7,
  history: 182,
  ahead: 92,
};
const hours: Grain = {
  bucket: 'hour',
  step: hourMilliseconds,
  season: 24,
  history: 336,
  ahead: 48,
};
const byUnit: Readonly<Record<string, Grain>> = {
  day: hours,
  week: days,
  month: days,
  total: days,
};
/** Steps that a rolling window is long. */
const rollingSteps: Readonly<Record<string, number>> = { day: 24, week: 7, month: 30 };

/** The last minutes that a window of an hour is judged by: it is over before a pattern could be seen. */
export const paceMinutes = 15;

/** The unit of a window: `rolling day` → `day`. */
export function unitOf(window: string): string {
  return window.replace('rolling ', '');
}

/** What a window's forecast goes by; undefined where it is too short for a pattern. */
export function grainOf(window: string): Grain | undefined {
  return byUnit[unitOf(window)];
}

/** How many steps a rolling window is long; null for a calendar one, and one without an end. */
export function rollingLength(window: string): number | null {
  return window === unitOf(window) ? null : (rollingSteps[unitOf(window)] ?? null);
}

export function floorTo(moment: number, step: number): number {
  return Math.floor(moment / step) * step;
}
