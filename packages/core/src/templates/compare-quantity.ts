import { judgeBias, type Bias } from '../drift/judge-bias.js';
import { ratioOf, type TemplateQuantity } from './quantities.js';
import { sumBuckets, type VersionBucket } from './version.js';

/** One quantity of a version beside that of the version before. */
export interface QuantityChange {
  /** USD, tokens or shares; null where there is nothing to measure. */
  before: number | null;
  after: number | null;
  /** `after` ÷ `before`; null where there is nothing to divide by. */
  ratio: number | null;
  /** `same`: within the noise, or by less than a twentieth. `not_judged`: too few calls to tell. */
  verdict: 'more' | 'less' | 'same' | 'not_judged';
}

/** Smaller differences are no news, however sure. */
const leastChange = 0.05;

/**
 * Compares a quantity of two versions, and whether the difference is beyond noise. Each version's ratio has
 * an interval of 99.9 % from how it differs from one hour (or day) to the next (`judgeBias`: 30 calls in six
 * spans of time at least); the difference is sure where it is larger than the two half-widths together,
 * taken as the hypotenuse, because the versions' errors are independent.
 */
export function compareQuantity(
  quantity: TemplateQuantity,
  before: readonly VersionBucket[],
  after: readonly VersionBucket[],
): QuantityChange {
  const { over, under } = ratioOf[quantity];
  const measured = (buckets: readonly VersionBucket[]) => {
    const sum = sumBuckets(buckets);
    const ratio = over(sum) / under(sum);
    return Number.isFinite(ratio) && under(sum) > 0 ? ratio : null;
  };
  const first = measured(before);
  const second = measured(after);
  const unit = quantity === 'cost_per_call' ? 1e-12 : 1;
  const shown = (value: number | null) =>
    value === null ? null : Number((value * unit).toPrecision(6));
  const change = { before: shown(first), after: shown(second) };
  if (first === null || second === null || first <= 0) {
    return { ...change, ratio: null, verdict: 'not_judged' };
  }
  const ratio = second / first;
  // Both in units of the earlier ratio, so that their intervals can be laid side by side.
  const relative = (buckets: readonly VersionBucket[]) =>
    judgeBias(
      buckets.map((bucket) => ({
        at: bucket.at,
        calls: bucket.calls,
        estimated: under(bucket) * first,
        actual: over(bucket),
      })),
    );
  const margins = [relative(before), relative(after)].map((bias) => halfWidth(bias));
  const rounded = Number(ratio.toPrecision(6));
  if (margins.includes(null)) return { ...change, ratio: rounded, verdict: 'not_judged' };
  const isSure = Math.abs(ratio - 1) > Math.hypot(...(margins as number[]));
  const verdict =
    !isSure || Math.abs(ratio - 1) < leastChange ? 'same' : ratio > 1 ? 'more' : 'less';
  return { ...change, ratio: rounded, verdict };
}

/** Of the upper side: the lower one is cut off at 0. */
function halfWidth({ ratio, interval }: Bias): number | null {
  return ratio === null || interval === null ? null : interval.high - ratio;
}
