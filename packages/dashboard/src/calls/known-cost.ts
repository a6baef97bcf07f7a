import type { CostStatus } from '@farthing/core';
import type { CallDetail } from '../api/contract.js';
import { statusReason } from './status-reason.js';

/** What a call or an adjustment comes to by what is known now. */
export interface KnownCost {
  /** Exact decimal USD, signed for an adjustment; null is unknown. */
  usd: string | null;
  status: CostStatus;
  /** Why there is no amount, or not the whole of it. */
  reason: string | undefined;
}

/**
 * The cost that the drawer leads with. A row of an adjustment repeats the status that its call was
 * booked with, so that both fall into the same groups of a report; what holds since then is what the
 * adjustment says of itself.
 */
export function knownCost({ call, entry, adjustments, restated }: CallDetail): KnownCost {
  if (call.kind === 'adjustment') {
    const status =
      entry?.adjusts?.status_after ?? (call.cost_usd === null ? call.cost_status : 'priced');
    return { usd: call.cost_usd, status, reason: reasonOf(status, entry?.cost.reason) };
  }
  if (adjustments.length > 0 && restated !== null) {
    const { usd, status, reason } = restated;
    return { usd, status, reason: reasonOf(status, reason) };
  }
  const { cost_usd: usd, cost_status: status } = call;
  return { usd, status, reason: reasonOf(status, entry?.cost.reason) };
}

/** A priced call needs no reason, whatever was once written beside its cost. */
function reasonOf(status: CostStatus, written: string | undefined): string | undefined {
  return status === 'priced' ? undefined : (written ?? statusReason(status));
}
