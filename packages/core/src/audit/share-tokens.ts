/**
 * Divides a number of tokens by weights into whole numbers that add up to it exactly: each share is what
 * the running total, rounded, has grown by, so that none is off by a token or more. All 0 when nothing
 * has weight.
 */
export function shareTokens(weights: readonly number[], total: number): number[] {
  const sum = weights.reduce((all, weight) => all + weight, 0);
  let weighed = 0;
  let given = 0;
  return weights.map((weight) => {
    if (sum <= 0) return 0;
    weighed += weight;
    const upTo = Math.round((total * weighed) / sum);
    const share = upTo - given;
    given = upTo;
    return share;
  });
}
