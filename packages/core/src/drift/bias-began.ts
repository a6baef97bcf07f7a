import { byTime, leastBias, type DriftBucket } from './drift-bucket.js';

/**
 * From when a bias has lasted until now: the beginning of a bucket, or null when it is over.
 *
 * The maximum-likelihood change points of the cumulative sum (Page 1954; Hinkley 1971) on the logarithm of
 * actual ÷ estimate per bucket: each bucket counts by how far it lies beyond half the level of the bias,
 * towards it or away from it, and the bias is the stretch of buckets with the largest sum. It began there
 * when six buckets or more before have a median below half its level, else with the first of all; it is
 * over when six or more behind have. Two bounds make it robust: a bucket counts as twice the level at
 * most, and its weight is its calls, but not more than four times those of the median bucket, so that no
 * single one decides.
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
  // The level is not known yet: first that of all buckets, then that of those which it finds.
  let stretch = { first: 0, end: points.length };
  let level = 0;
  for (let round = 0; round < 3; round++) {
    level = Math.max(leastLevel, median(points.slice(stretch.first, stretch.end)));
    stretch = largestStretch(points, level);
  }
  const isFair = (part: readonly Point[]) => part.length >= leastFair && median(part) < level / 2;
  if (isFair(points.slice(stretch.end))) return null;
  const first = isFair(points.slice(0, stretch.first)) ? stretch.first : 0;
  return buckets[first]?.at ?? null;
}

interface Point {
  value: number;
  weight: number;
}

/** A call that took nothing has no logarithm. */
const leastRatio = 0.001;
const leastLevel = 2 * Math.log(1 + leastBias);
/** So many buckets before or behind must be fair to say that it began, or ended, there. */
const leastFair = 6;

/** From where to (excluded) where the sum is largest. */
function largestStretch(points: readonly Point[], level: number): { first: number; end: number } {
  let sum = 0;
  let begin = 0;
  let largest = Number.NEGATIVE_INFINITY;
  let stretch = { first: 0, end: points.length };
  for (const [index, { value, weight }] of points.entries()) {
    if (sum <= 0) {
      sum = 0;
      begin = index;
    }
    sum += weight * (Math.min(Math.max(value, -2 * level), 2 * level) - level / 2);
    if (sum < largest) continue;
    largest = sum;
    stretch = { first: begin, end: index + 1 };
  }
  return stretch;
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
