import type { RollingSample } from './rolling-sample.js';

/** Before so many values nothing is a surprise. */
const leastKnown = 60;
/** Where the tail begins: the largest, or smallest, two hundredth of the values. */
const tailShare = 0.005;
const leastInTail = 3;

/**
 * How surprising a value is among those before it: −ln of the chance of one as far out on either side, 0 for
 * values near the median. Inside, the chance is the value's rank; beyond the last two hundredth the tail is
 * taken as exponential (peaks over threshold: J. Pickands, 1975).
 */
export function tailSurprise(sample: RollingSample, value: number): number {
  const { size } = sample;
  if (size < leastKnown) return 0;
  const median = sample.at(size >> 1);
  if (value === median) return 0;
  const count = Math.max(leastInTail, Math.floor(size * tailShare));
  const isAbove = value > median;
  const start = isAbove ? sample.at(size - count - 1) : sample.at(count);
  const isInside = isAbove ? value <= start : value >= start;
  const logChance = isInside
    ? Math.log(((isAbove ? size - sample.below(value) : sample.notAbove(value)) + 1) / (size + 1))
    : Math.log(count / size) -
      Math.abs(value - start) / tailScale(sample, count, isAbove, start, median);
  // Both sides are looked at.
  return Math.max(0, -(logChance + Math.LN2));
}

/** The tail's mean excess; no less than what the values' middle and their size make plausible. */
function tailScale(
  sample: RollingSample,
  count: number,
  isAbove: boolean,
  start: number,
  median: number,
): number {
  let sum = 0;
  for (let index = 0; index < count; index++) {
    sum += Math.abs(sample.at(isAbove ? sample.size - 1 - index : index) - start);
  }
  return Math.max(
    sum / count,
    0.075 * Math.abs(start - median),
    1e-3 * Math.abs(start),
    Number.MIN_VALUE,
  );
}
