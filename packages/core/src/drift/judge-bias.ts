import { biasBegan } from './bias-began.js';
import { byTime, leastBias, type DriftBucket } from './drift-bucket.js';
import { studentQuantile } from './student.js';

/** How estimates stand against what was counted, over a window. */
export interface Bias {
  /** Sum of what was counted ÷ sum of what was estimated; null where nothing was estimated. */
  ratio: number | null;
  /** The ratio lies in here with 99.9 % confidence; null where it is not judged. */
  interval: { low: number; high: number } | null;
  /** Of the estimates: `too_low` where calls take more. `not_judged`: too few calls to tell. */
  verdict: 'too_low' | 'too_high' | 'fair' | 'not_judged';
  /** Beginning of the bucket from which the bias has lasted; null where there is none, or it is over. */
  since: string | null;
  /** Whether that is where the group's calls in the window begin, so that it may have begun before. */
  since_start: boolean;
}

/** Fewer calls are not judged. */
export const leastCalls = 30;
/** Nor are calls that came in fewer spans of time: they may all be of one odd moment. */
export const leastBuckets = 6;

/**
 * Judges whether estimates are biased. The ratio of the sums is the estimate of the bias; its error comes
 * from how much the ratio differs from one bucket of time to the next, so that calls of one burst, which
 * resemble each other, do not count as independent (the ratio estimator over clusters: Cochran, Sampling
 * Techniques, chapter 6). The number of buckets is the effective one (Kish): an hour with nearly all of
 * the calls is one observation. Biased is what is off by 10 % or more, with 1 outside the interval of
 * Student's t at 99.9 %.
 */
export function judgeBias(all: readonly DriftBucket[]): Bias {
  const buckets = all.filter(({ estimated }) => estimated > 0);
  const calls = sum(buckets, (bucket) => bucket.calls);
  const estimated = sum(buckets, (bucket) => bucket.estimated);
  const actual = sum(buckets, (bucket) => bucket.actual);
  if (estimated <= 0) return notJudged(null);
  const ratio = actual / estimated;
  const effective = effectiveBuckets(buckets);
  if (calls < leastCalls || effective < leastBuckets) return notJudged(round(ratio));

  const residuals = sum(buckets, (bucket) => (bucket.actual - ratio * bucket.estimated) ** 2);
  const count = buckets.length;
  const error = Math.sqrt((residuals * count) / (count - 1)) / estimated;
  const margin = studentQuantile(effective - 1) * error;
  const interval = { low: round(Math.max(0, ratio - margin)), high: round(ratio + margin) };
  const isSure = ratio - margin > 1 || ratio + margin < 1;
  if (!isSure || Math.abs(ratio - 1) < leastBias) {
    return { ratio: round(ratio), interval, verdict: 'fair', since: null, since_start: false };
  }
  const verdict = ratio > 1 ? 'too_low' : 'too_high';
  const since = biasBegan(buckets, verdict === 'too_low' ? 1 : -1);
  return {
    ratio: round(ratio),
    interval,
    verdict,
    since,
    since_start: since !== null && since === buckets.toSorted(byTime)[0]?.at,
  };
}

/** How many buckets of equal size would tell as much: 1 when one of them has nearly everything. */
export function effectiveBuckets(buckets: readonly DriftBucket[]): number {
  const total = sum(buckets, ({ estimated }) => estimated);
  const squares = sum(buckets, ({ estimated }) => estimated ** 2);
  return squares === 0 ? 0 : total ** 2 / squares;
}

function notJudged(ratio: number | null): Bias {
  return { ratio, interval: null, verdict: 'not_judged', since: null, since_start: false };
}

function sum(buckets: readonly DriftBucket[], value: (bucket: DriftBucket) => number): number {
  return buckets.reduce((total, bucket) => total + value(bucket), 0);
}

/** Ratios are for display: four decimals. */
function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
