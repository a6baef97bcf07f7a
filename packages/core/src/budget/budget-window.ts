/** Windows of a budget. Calendar ones begin at UTC boundaries, weeks on Monday; a rolling month has 30 days. */
export const windowUnits = ['minute', 'hour', 'day', 'week', 'month', 'total'] as const;
export type WindowUnit = (typeof windowUnits)[number];

export interface BudgetWindow {
  readonly unit: WindowUnit;
  /** The last 24 hours instead of this day. */
  readonly rolling: boolean;
}

/** As it is written in a configuration: `day`, `rolling day`. */
export function windowName({ unit, rolling }: BudgetWindow): string {
  return rolling ? `rolling ${unit}` : unit;
}

/** A rolling window is kept in so many parts; the oldest counts whole, so it forgets late, never early. */
export const rollingParts = 60;

const minute = 60_000;
const lengths = {
  minute,
  hour: 60 * minute,
  day: 1_440 * minute,
  week: 7 * 1_440 * minute,
  month: 30 * 1_440 * minute,
  total: Number.POSITIVE_INFINITY,
} as const satisfies Record<WindowUnit, number>;

/** 1970-01-01 was a Thursday: three days into its week. */
const daysIntoFirstWeek = 3;

/** The number of the part of time that a moment belongs to: calls are counted part by part. */
export function partAt({ unit, rolling }: BudgetWindow, at: number): number {
  if (unit === 'total') return 0;
  if (rolling) return Math.floor(at / (lengths[unit] / rollingParts));
  if (unit === 'month') {
    const date = new Date(at);
    return date.getUTCFullYear() * 12 + date.getUTCMonth();
  }
  if (unit === 'week') return Math.floor((at / lengths.day + daysIntoFirstWeek) / 7);
  return Math.floor(at / lengths[unit]);
}

/** How many parts, the present one included, count against the limit. */
export function countedParts({ unit, rolling }: BudgetWindow): number {
  return rolling && unit !== 'total' ? rollingParts + 1 : 1;
}

/** Where a part begins, in milliseconds since the epoch; −∞ for `total`. */
export function startOfPart({ unit, rolling }: BudgetWindow, part: number): number {
  if (unit === 'total') return Number.NEGATIVE_INFINITY;
  if (rolling) return part * (lengths[unit] / rollingParts);
  if (unit === 'month') return Date.UTC(Math.floor(part / 12), part % 12);
  if (unit === 'week') return (part * 7 - daysIntoFirstWeek) * lengths.day;
  return part * lengths[unit];
}

/** Start of what counts at a moment, and when the first of it stops to count (∞ for `total`). */
export function countedSpan(window: BudgetWindow, at: number): { from: number; resetsAt: number } {
  if (window.unit === 'total') {
    return { from: Number.NEGATIVE_INFINITY, resetsAt: Number.POSITIVE_INFINITY };
  }
  const part = partAt(window, at);
  const from = startOfPart(window, part - countedParts(window) + 1);
  return { from, resetsAt: startOfPart(window, part + 1) };
}

/** The length of a window in milliseconds; ∞ for a total. A calendar month counts as 31 days. */
export function windowLength({ unit, rolling }: BudgetWindow): number {
  return unit === 'month' && !rolling ? 31 * lengths.day : lengths[unit];
}
