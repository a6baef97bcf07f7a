import type { Entry, Estimate } from '../entry.js';

/**
 * The estimate that what an entry says is compared with; null where there is nothing to compare. Calls
 * are compared whose usage the provider counted: where it is an estimate itself (an answer that broke
 * off, a gateway that died) the comparison would say nothing. An adjustment repeats the estimate of its
 * call exactly if that was compared, so that sums come out restated.
 */
export function comparedEstimate(
  entry: Pick<Entry, 'kind' | 'estimate' | 'usage'>,
): Estimate | null {
  const { kind, estimate, usage } = entry;
  if (estimate === undefined || estimate.method === 'none') return null;
  if (kind === 'adjustment') return estimate;
  return usage === null || usage.estimated ? null : estimate;
}
