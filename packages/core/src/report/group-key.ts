import type { Dimension, QueryRow } from './query.js';

/** One text for the values of a row's dimensions, to find rows of the same group in several answers. */
export function groupKey(row: QueryRow, by: readonly Dimension[]): string {
  return JSON.stringify(by.map((name) => row[name] ?? null));
}
