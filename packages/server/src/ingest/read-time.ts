import type { TimeUnit } from './mapping.js';

/** Units by how many of them make a millisecond; the numbers are below 2^53 until the year 2255 in µs. */
const perMillisecond: Record<Exclude<TimeUnit, 'iso'>, number> = {
  seconds: 0.001,
  milliseconds: 1,
  microseconds: 1000,
  nanoseconds: 1_000_000,
};

const isoTime =
  /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2})?)(?:[.,](\d+))?\s*(Z|[+-]\d{2}:?\d{2})?$/i;

/**
 * Reads a moment as ISO 8601 in UTC with milliseconds (what is finer is cut off); null when it is
 * none. Text without an offset is UTC. Years outside 2000–2200 are a wrong unit, not a time.
 */
export function readTime(value: unknown, unit: TimeUnit): string | null {
  const time = unit === 'iso' ? parseIso(value) : parseNumber(value, perMillisecond[unit]);
  if (Number.isNaN(time) || time < Date.UTC(2000) || time >= Date.UTC(2200)) return null;
  return new Date(Math.floor(time)).toISOString();
}

/** Why a value is no moment, and what to do, for people. `shown` is the value as a message may show it. */
export function whyNoTime(value: unknown, unit: TimeUnit, shown: string): string {
  if (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value.trim())) {
    return `${shown} is a date without a time of day: a call needs both, e.g. ${value.trim()}T09:30:00Z`;
  }
  const isNumber = !Number.isNaN(parseNumber(value, 1));
  if (unit === 'iso' && isNumber) {
    return `${shown} is a number, and its unit is not said: seconds, milliseconds, microseconds or nanoseconds`;
  }
  if (unit !== 'iso' && isNumber) return `${shown} is no time between 2000 and 2200 in ${unit}`;
  return `${shown} is not a time (${unit})`;
}

function parseIso(value: unknown): number {
  const match = typeof value === 'string' ? isoTime.exec(value.trim()) : null;
  if (match === null) return Number.NaN;
  const [, date, clock, fraction = '0', offset = 'Z'] = match;
  const seconds = clock!.length === 5 ? `${clock}:00` : clock;
  const zone = /^[+-]\d{4}$/.test(offset) ? `${offset.slice(0, 3)}:${offset.slice(3)}` : offset;
  const time = Date.parse(
    `${date}T${seconds}.${fraction.slice(0, 3).padEnd(3, '0')}${zone.toUpperCase()}`,
  );
  // Some engines roll 2023-02-30 over to March.
  return Number.isNaN(Date.parse(`${date}T00:00:00.000Z`)) ||
    new Date(`${date}T00:00:00.000Z`).toISOString().slice(0, 10) !== date
    ? Number.NaN
    : time;
}

function parseNumber(value: unknown, units: number): number {
  if (typeof value === 'number') return value / units;
  return typeof value === 'string' && /^\d+(\.\d+)?$/.test(value.trim())
    ? Number(value) / units
    : Number.NaN;
}
