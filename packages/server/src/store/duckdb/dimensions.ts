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

export function dimensionSql(dimension: Dimension, parameters: Parameters): string {
  if (dimension === 'input_size') return inputSize;
  const column = dimensionColumn(dimension);
  return column ?? `custom[${parameters.add(dimension.slice(customPrefix.length))}::VARCHAR]`;
}

/** Dimensions leave the store as text, whatever their column is (`attempt`, `stream`). */
export function decodeDimension(value: DuckDBValue): string | null {
  return value === null ? null : String(value);
}

/** `not_in` keeps calls where the dimension is not set, unless null is among the values. */
export function filterSql(filter: Filter, parameters: Parameters): string {
  const values = filter.values.filter((value) => value !== null);
  const withNull = values.length < filter.values.length;
  if (filter.values.length === 0) return filter.op === 'in' ? 'false' : 'true';

  const dimension = dimensionSql(filter.dimension, parameters);
  const unset = `${dimension} IS NULL`;
  const listed =
    values.length === 0
      ? 'false'
      : `coalesce(${dimension}::VARCHAR IN (${values.map((value) => parameters.add(value)).join(', ')}), false)`;
  const met = withNull ? `(${listed} OR ${unset})` : listed;
  return filter.op === 'in' ? met : `NOT ${met}`;
}
