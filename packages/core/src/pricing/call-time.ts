import { FarthingError } from '../errors.js';

/** A date with a time of day that names no zone. */
const zoneless = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?$/;

/**
 * When a call was made, in milliseconds since the epoch. A time of day without a zone is UTC, as a date
 * alone is: prices change at one instant, wherever the machine stands that reads the call. Throws
 * `invalid_time`.
 */
export function callTime(at: string | number): number {
  const time = typeof at === 'number' ? at : Date.parse(zoneless.test(at) ? inUtc(at) : at);
  if (!Number.isNaN(time)) return time;
  throw new FarthingError('invalid_time', `"${at}" is no time. Write ISO 8601.`);
}

function inUtc(at: string): string {
  return `${at.replace(' ', 'T')}Z`;
}
