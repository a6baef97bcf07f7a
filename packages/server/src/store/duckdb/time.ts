import { DuckDBTimestampValue, type DuckDBValue } from '@duckdb/node-api';
import { FarthingError, type Window } from '@farthing/core';
import type { Parameters } from './parameters.js';

export const hourMilliseconds = 3_600_000;

/** Half-open, in milliseconds since 1970 (UTC). */
export interface Span {
  from: number;
  to: number;
}

/** Throws `invalid_window` unless both ends are ISO 8601 date-times. */
export function readWindow(window: Window): Span {
  return { from: readEnd('from', window.from), to: readEnd('to', window.to) };
}

function readEnd(end: keyof Window, text: string): number {
  const milliseconds = Date.parse(text);
  if (Number.isNaN(milliseconds)) {
    throw new FarthingError(
      'invalid_window',
      `window.${end} is ${JSON.stringify(text)}, which is not a date-time. Write it in ISO 8601, e.g. 2026-03-01T14:00:00Z.`,
    );
  }
  return milliseconds;
}

/** Throws `invalid_window` unless it is an ISO 8601 date-time. */
export function readAsOf(text: string): number {
  const milliseconds = Date.parse(text);
  if (!Number.isNaN(milliseconds)) return milliseconds;
  throw new FarthingError(
    'invalid_window',
    `as_of is ${JSON.stringify(text)}, which is not a date-time. Write it in ISO 8601, e.g. 2026-03-01T14:00:00Z.`,
  );
}

/** The whole hours inside a span, and what is left before and after them. */
export function splitHours(span: Span): { hours: Span | null; edges: Span[] } {
  const first = Math.ceil(span.from / hourMilliseconds) * hourMilliseconds;
  const end = Math.floor(span.to / hourMilliseconds) * hourMilliseconds;
  if (first >= end) return { hours: null, edges: span.from < span.to ? [span] : [] };
  const edges = [
    { from: span.from, to: first },
    { from: end, to: span.to },
  ];
  return { hours: { from: first, to: end }, edges: edges.filter(({ from, to }) => from < to) };
}

export function timestamp(milliseconds: number): DuckDBTimestampValue {
  return new DuckDBTimestampValue(BigInt(milliseconds) * 1000n);
}

/** ISO 8601 with milliseconds. */
export function isoTime(value: DuckDBValue): string {
  if (!(value instanceof DuckDBTimestampValue)) throw new TypeError('not a timestamp');
  return new Date(Number(value.micros / 1000n)).toISOString();
}

/** The condition that calls began in the window. */
export function within(window: Window, parameters: Parameters): string {
  const { from, to } = readWindow(window);
  return `started_at >= ${parameters.add(timestamp(from))} AND started_at < ${parameters.add(timestamp(to))}`;
}

export function floorHour(milliseconds: number): number {
  return Math.floor(milliseconds / hourMilliseconds) * hourMilliseconds;
}
