import type { DuckDBValue } from '@duckdb/node-api';
import type { BucketSize } from '@farthing/core';
import { isoTime } from './time.js';

/** 0001-01-01, a Monday: buckets are counted from it, so that no count is negative. */
const origin = Date.parse('0001-01-01T00:00:00Z');

/** Buckets of a fixed length, in milliseconds. UTC has no hours or days of another length. */
const lengths: Partial<Record<BucketSize, number>> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
};

/**
 * The bucket that a time falls in, as a value to group and order by, and how it leaves the store.
 * Dividing integers takes half the time of calendar functions, which only months need.
 */
export function bucketOf(
  size: BucketSize,
  time: string,
): { sql: string; decode: (value: DuckDBValue) => string } {
  const length = lengths[size];
  if (length === undefined) {
    return { sql: `date_trunc('${size}', ${time})::TIMESTAMP`, decode: isoTime };
  }
  return {
    sql: `(epoch_us(${time}) + ${-origin * 1000}) // ${length * 1000}`,
    decode: (value) => new Date(Number(value) * length + origin).toISOString(),
  };
}
