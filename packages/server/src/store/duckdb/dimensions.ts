import type { DuckDBValue } from '@duckdb/node-api';
import {
  inputSizeBounds,
  readDimension,
  tagNames,
  type Dimension,
  type Filter,
} from '@farthing/core';
import { tagColumn } from './columns.js';
import type { Parameters } from './parameters.js';

const customPrefix = 'tag:';

/** Dimensions that a call's time gives: as numbers, and how many digits they leave the store with. */
const ofTime: Partial<Record<Dimension, { sql: (time: string) => string; digits: number }>> = {
  hour_of_day: { sql: (time) => `hour(${time})`, digits: 2 },
  day_of_week: { sql: (time) => `isodow(${time})`, digits: 1 },
};

/** Whether the dimension follows from the hour of a call, which every roll-up has. */
export function isOfTime(dimension: Dimension): boolean {
  return Object.hasOwn(ofTime, dimension);
}

/**
 * The column behind a dimension, or null for custom tags. Throws `unknown_dimension`: nothing that
 * a caller sends becomes a part of the SQL.
 */
export function dimensionColumn(dimension: Dimension): string | null {
  if (dimension.startsWith(customPrefix) && dimension.length > customPrefix.length) return null;
  const name = readDimension(dimension);
  return (tagNames as readonly string[]).includes(name) ? tagColumn(name) : name;
}

/** As core's `inputSizeOf`. What adjusts a call has a difference of tokens, which is no size. */
const inputSize = `CASE WHEN adjustment OR tokens_output IS NULL THEN NULL ${inputSizeBounds
  .toReversed()
  .map(
    (bound) =>
      `WHEN tokens_input_uncached + tokens_cache_read + tokens_cache_write
        + tokens_cache_write_5m + tokens_cache_write_1h > ${bound} THEN ${bound}`,
  )
  .join(' ')} ELSE 0 END`;

/** `time` is the column that tells when a row's calls began. */
export function dimensionSql(dimension: Dimension, parameters: Parameters, time: string): string {
  const derived = ofTime[dimension];
  if (derived !== undefined) return derived.sql(time);
  if (dimension === 'input_size') return inputSize;
  const column = dimensionColumn(dimension);
  return column ?? `custom[${parameters.add(dimension.slice(customPrefix.length))}::VARCHAR]`;
}

/** Dimensions leave the store as text, whatever their column is (`attempt`, `stream`). */
export function decodeDimension(dimension: Dimension): (value: DuckDBValue) => string | null {
  const digits = ofTime[dimension]?.digits ?? 0;
  return (value) => (value === null ? null : String(value).padStart(digits, '0'));
}

/** `not_in` keeps calls where the dimension is not set, unless null is among the values. */
export function filterSql(filter: Filter, parameters: Parameters, time = 'started_at'): string {
  const values = filter.values.filter((value) => value !== null);
  const withNull = values.length < filter.values.length;
  if (filter.values.length === 0) return filter.op === 'in' ? 'false' : 'true';

  const digits = ofTime[filter.dimension]?.digits;
  const value = dimensionSql(filter.dimension, parameters, time);
  const dimension = digits === undefined ? value : `lpad((${value})::VARCHAR, ${digits}, '0')`;
  const unset = `${dimension} IS NULL`;
  const listed =
    values.length === 0
      ? 'false'
      : `coalesce(${dimension}::VARCHAR IN (${values.map((value) => parameters.add(value)).join(', ')}), false)`;
  const met = withNull ? `(${listed} OR ${unset})` : listed;
  return filter.op === 'in' ? met : `NOT ${met}`;
}
