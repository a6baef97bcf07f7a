import { byTime, leastBias, type DriftBucket } from './drift-bucket.js';

/**
 * From when a bias has lasted until now: the beginning of a bucket, or null when it is over.
 *
 * The maximum-likelihood change point of the cumulative sum (Page 1954; Hinkley 1971) on the logarithm of
 * actual ÷ estimate per bucket: each bucket counts by how far it lies beyond half the level of the bias,
 * towards it or away from it, and the bias began behind the lowest point of the running sum. Two bounds
 * make it robust: a bucket counts as twice the level at most, and its weight is its calls, but not more
 * than four times those of the median bucket, so that no single one decides.
 *
 * @param direction 1 where calls take more than was estimated, −1 where they take less.
 */
export function biasBegan(all: readonly DriftBucket[], direction: 1 | -1): string | null {
  const buckets = all.filter(({ estimated }) => estimated > 0).toSorted(byTime);
  const most = 4 * median(buckets.map(({ calls }) => ({ value: calls, weight: 1 })));
  const points = buckets.map(({ actual, estimated, calls }) => ({
    value: direction * Math.log(Math.max(actual / estimated, leastRatio)),
    weight: Math.min(calls, most),
  }));
  const least = Math.log(1 + leastBias);
  // Half of a level that is not known yet: first that of all buckets, then that of those found by it.
  let level = Math.max(2 * least, median(points));
  let first = lastRise(points, level);
  if (first === null) return null;
  level = Math.max(2 * least, median(points.slice(first)));
  first = lastRise(points, level);
  return first === null ? null : buckets[first]!.at;
}

interface Point {
  value: number;
  weight: number;
}

/** A call that took nothing has no logarithm. */
const leastRatio = 0.001;

/** Index behind the lowest point of the running sum; null when that is the end. */
function lastRise(points: readonly Point[], level: number): number | null {
  let sum = 0;
  let lowest = 0;
  let first = 0;
  for (const [index, { value, weight }] of points.entries()) {
    sum += weight * (Math.min(Math.max(value, -2 * level), 2 * level) - level / 2);
    if (sum > lowest) continue;
    lowest = sum;
    first = index + 1;
  }
  return first === points.length ? null : first;
}

function median(points: readonly Point[]): number {
  const sorted = points.toSorted((a, b) => a.value - b.value);
  const half = points.reduce((total, { weight }) => total + weight, 0) / 2;
  let seen = 0;
  for (const { value, weight } of sorted) {
    seen += weight;
    if (seen >= half) return value;
  }
  return 0;
}
