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

const allInput =
  'tokens_input_uncached + tokens_cache_read + tokens_cache_write + tokens_cache_write_5m + tokens_cache_write_1h';
/** What adjusts a call has a difference of tokens, which is no size. */
const hasNoSize = '(adjustment OR tokens_output IS NULL)';
/** Where each class ends; the last has no end. */
const sizes = inputSizeBounds.map((over, index) => ({ over, to: inputSizeBounds[index + 1] }));

/** As core's `inputSizeOf`. Small classes first: most calls are small, and are asked no further. */
const inputSize = `CASE WHEN ${hasNoSize} THEN NULL ${sizes
  .map(({ over, to }) =>
    to === undefined ? `ELSE ${over}` : `WHEN ${allInput} <= ${to} THEN ${over}`,
  )
  .join(' ')} END`;

/** Classes of size by their bounds: naming the class of each call would take many times as long. */
function sizeFilter(values: readonly (string | null)[]): string {
  const ranges: { over: number; to: number | undefined }[] = [];
  for (const { over, to } of sizes) {
    if (!values.includes(String(over))) continue;
    const before = ranges.at(-1);
    if (before !== undefined && before.to === over) before.to = to;
    else ranges.push({ over, to });
  }
  const listed = ranges.map(({ over, to }) => {
    const ends = [
      ...(over === 0 ? [] : [`${allInput} > ${over}`]),
      ...(to === undefined ? [] : [`${allInput} <= ${to}`]),
    ];
    return ends.length === 0 ? 'true' : `(${ends.join(' AND ')})`;
  });
  const sized = `(NOT ${hasNoSize} AND (${listed.length === 0 ? 'false' : listed.join(' OR ')}))`;
  return values.includes(null) ? `(${hasNoSize} OR ${sized})` : sized;
}

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

/**
 * A condition for WHERE: null is as good as false there, and a plain IN takes half as long as one that is
 * never null. `not_in` keeps calls where the dimension is not set, unless null is among the values.
 */
export function filterSql(filter: Filter, parameters: Parameters, time = 'started_at'): string {
  const values = filter.values.filter((value) => value !== null);
  const withNull = values.length < filter.values.length;
  if (filter.values.length === 0) return filter.op === 'in' ? 'false' : 'true';

  if (filter.dimension === 'input_size') {
    const sized = `coalesce(${sizeFilter(filter.values)}, false)`;
    return filter.op === 'in' ? sized : `NOT ${sized}`;
  }
  const digits = ofTime[filter.dimension]?.digits;
  const value = dimensionSql(filter.dimension, parameters, time);
  const dimension = digits === undefined ? value : `lpad((${value})::VARCHAR, ${digits}, '0')`;
  const unset = `${dimension} IS NULL`;
  const listed =
    values.length === 0
      ? 'false'
      : `${dimension}::VARCHAR IN (${values.map((each) => parameters.add(each)).join(', ')})`;
  const met = withNull ? `(${listed} OR ${unset})` : listed;
  return filter.op === 'in' ? met : `NOT coalesce(${met}, false)`;
}
