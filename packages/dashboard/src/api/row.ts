import type { QueryRow } from '@farthing/core';

/** A money measure of a row: an exact decimal string in USD, or null over nothing. */
export const usdOf = (row: QueryRow | undefined, measure: string): string | null => {
  const value = row?.[measure];
  return value == null ? null : String(value);
};

/** A count of a row. Nothing counted is 0. */
export const countOf = (row: QueryRow | undefined, measure: string): number =>
  Number(row?.[measure] ?? 0);

/** A dimension's value of a row: null is "not set". */
export const keyOf = (row: QueryRow, dimension: string): string | null => {
  const value = row[dimension];
  return value == null ? null : String(value);
};
