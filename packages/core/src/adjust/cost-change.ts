import type { Entry } from '../entry.js';
import type { CostStatus } from '../pricing/charge.js';

/**
 * By how much an entry changes the number of costs that are known, and of those that are unknown
 * although the call may have cost something. A call counts once in one of them, or in neither when
 * the provider bills nothing; an adjustment moves its call from one to the other, or changes nothing.
 * Summed over calls and their adjustments, the counts are those of the restated calls.
 */
export interface CostChange {
  known: -1 | 0 | 1;
  unknown: -1 | 0 | 1;
}

/** How `entry` changes what is known. An amount that belongs to no call is known by itself. */
export function costChange({ adjusts, cost }: Pick<Entry, 'adjusts' | 'cost'>): CostChange {
  if (adjusts === undefined || adjusts.entry === null) {
    return { known: isKnown(cost.usd), unknown: isUnknown(cost.usd, cost.status) };
  }
  const { usd_before: before, usd_after: after, status_before, status_after } = adjusts;
  return {
    known: (isKnown(after) - isKnown(before)) as CostChange['known'],
    unknown: (isUnknown(after, status_after) -
      isUnknown(before, status_before)) as CostChange['unknown'],
  };
}

function isKnown(usd: string | null): 0 | 1 {
  return usd === null ? 0 : 1;
}

/** The cost of a call that the provider does not bill is not unknown: there is none. */
function isUnknown(usd: string | null, status: CostStatus): 0 | 1 {
  return usd === null && status !== 'not_billed' ? 1 : 0;
}
