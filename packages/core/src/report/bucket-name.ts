import type { BucketSize } from './query.js';

const lengths: Record<BucketSize, number> = { minute: 16, hour: 13, day: 10, week: 10, month: 7 };

/**
 * A bucket as the beginning of its ISO time in UTC: the hour `2024-03-15T14`, the day `2024-03-15`, the
 * month `2024-03`; weeks by their Monday. Such names sort as the buckets do.
 */
export function shortenBucket(start: string, size: BucketSize): string {
  return start.slice(0, lengths[size]);
}
