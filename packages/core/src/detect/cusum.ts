/**
 * The height at which a one-sided CUSUM of independent standard normal scores with reference value `k`
 * raises one false alarm in `averageRun` scores on average (D. Siegmund, "Sequential Analysis", 1985,
 * with the correction 1.166 for the overshoot).
 */
export function siegmundThreshold(k: number, averageRun: number): number {
  let low = 0.1;
  let high = 400;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    const b = middle + 1.166;
    const run = (Math.exp(Math.min(2 * k * b, 700)) - 2 * k * b - 1) / (2 * k * k);
    if (run < averageRun) low = middle;
    else high = middle;
  }
  return high;
}

/** A one-sided CUSUM: how far scores have run above `k` each since they last did not. */
export interface Cusum {
  sum: number;
  /** Scores since the sum was last nothing, and when the first of them came (milliseconds since 1970). */
  count: number;
  since: number;
}

export function newCusum(): Cusum {
  return { sum: 0, count: 0, since: 0 };
}

/** Adds a score; returns the sum. */
export function addScore(cusum: Cusum, score: number, k: number, at: number): number {
  // Most scores of what is usual leave nothing at nothing.
  if (cusum.count === 0 && score <= k) return 0;
  if (cusum.count === 0) cusum.since = at;
  cusum.sum += score - k;
  cusum.count += 1;
  if (cusum.sum <= 0) {
    cusum.sum = 0;
    cusum.count = 0;
  }
  return cusum.sum;
}
