import { FarthingError } from '../errors.js';
import type { Window } from './query.js';

const unitMilliseconds: Record<string, number> = {
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/**
 * Reads one end of a window as people write it: `90m`, `24h`, `7d`, `4w` (before `now`), `today`, `yesterday` and
 * `month` (their UTC beginnings), `now`, an ISO date (its UTC midnight) or an ISO date-time (UTC
 * unless it carries an offset). Returns ISO 8601 in UTC with milliseconds; throws `invalid_window`.
 */
export function parseMoment(text: string, now: Date): string {
  const word = text.trim().toLowerCase();
  const relative = /^(\d{1,6})([mhdw])$/.exec(word);
  if (relative !== null) {
    const span = Number(relative[1]) * unitMilliseconds[relative[2]!]!;
    return iso(now.getTime() - span, text);
  }
  if (word === 'now') return now.toISOString();
  const day = now.toISOString().slice(0, 10);
  if (word === 'today') return `${day}T00:00:00.000Z`;
  if (word === 'yesterday') return iso(Date.parse(day) - 86_400_000, text);
  if (word === 'month') return `${day.slice(0, 7)}-01T00:00:00.000Z`;

  const date = /^(\d{4})-(\d{2})(?:-(\d{2}))?$/.exec(word);
  if (date !== null) return calendarDay(date, text);
  if (/^\d{4}-\d{2}-\d{2}[t ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(z|[+-]\d{2}:?\d{2})?$/.test(word)) {
    const offset = /(z|[+-]\d{2}:?\d{2})$/.test(word.slice(10)) ? '' : 'Z';
    return iso(Date.parse(text.trim().replace(' ', 'T').toUpperCase() + offset), text);
  }
  throw invalid(text);
}

/**
 * The half-open window between two such ends. `until` defaults to now; without `since` there is no
 * window, which means all of the time that the books cover (up to `until`, when that is given).
 */
export function parseWindow(
  ends: { since?: string | undefined; until?: string | undefined },
  now: Date,
): Window | undefined {
  if (ends.since === undefined && ends.until === undefined) return undefined;
  const from = ends.since === undefined ? '1970-01-01T00:00:00.000Z' : parseMoment(ends.since, now);
  const to = ends.until === undefined ? now.toISOString() : parseMoment(ends.until, now);
  if (from >= to) {
    throw new FarthingError(
      'invalid_window',
      `The window is empty: since (${from}) must be before until (${to}).`,
    );
  }
  return { from, to };
}

function calendarDay(match: RegExpExecArray, text: string): string {
  const [, year, month, day = '01'] = match;
  const start = `${year}-${month}-${day}T00:00:00.000Z`;
  const time = Date.parse(start);
  // Date.parse rolls 2026-02-30 over to March on some engines; a typo must not move a report.
  if (Number.isNaN(time) || new Date(time).toISOString() !== start) throw invalid(text);
  return start;
}

function iso(time: number, text: string): string {
  if (Number.isNaN(time) || Math.abs(time) > 8.64e15) throw invalid(text);
  return new Date(time).toISOString();
}

function invalid(text: string): FarthingError {
  return new FarthingError(
    'invalid_window',
    `"${text}" is not a point in time. Use 1h, 24h, 7d, 30d, 4w, today, yesterday, month, a date (2026-03-01) or a date-time (2026-03-01T14:00:00Z); times are UTC.`,
  );
}
