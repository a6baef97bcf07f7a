import type { Picodollars } from '../money.js';

/** The calls of a version in one span of time. */
export interface VersionBucket {
  /** Its beginning, ISO 8601. */
  at: string;
  calls: number;
  errors: number;
  /** Calls that tell their tokens. */
  metered: number;
  /** Calls whose cost is known. */
  priced: number;
  input: number;
  output: number;
  cacheRead: number;
  cost: Picodollars;
}

/** A version of a feature's template, with its calls by time, the earliest first. */
export interface Version {
  feature: string | null;
  /** Null: calls that name no template version. */
  template: string | null;
  buckets: VersionBucket[];
}

export function sumBuckets(buckets: Iterable<VersionBucket>): VersionBucket {
  const sum = emptyBucket('');
  for (const bucket of buckets) addBucket(sum, bucket);
  return sum;
}

export function emptyBucket(at: string): VersionBucket {
  return {
    at,
    calls: 0,
    errors: 0,
    metered: 0,
    priced: 0,
    input: 0,
    output: 0,
    cacheRead: 0,
    cost: 0n,
  };
}

export function addBucket(sum: VersionBucket, bucket: VersionBucket): void {
  sum.calls += bucket.calls;
  sum.errors += bucket.errors;
  sum.metered += bucket.metered;
  sum.priced += bucket.priced;
  sum.input += bucket.input;
  sum.output += bucket.output;
  sum.cacheRead += bucket.cacheRead;
  sum.cost += bucket.cost;
}
