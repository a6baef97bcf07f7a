import type { Balance } from './admission-request.js';
import type { AccountReference } from './escrow.js';

/** The least that is left in any of the accounts; null where none limits it. */
export type Remaining = { usd: bigint | null; tokens: bigint | null };

export const unknownRemaining: Remaining = { usd: null, tokens: null };

export function tighten(
  remaining: Remaining,
  { limit, measure }: AccountReference,
  { committed, reserved }: Balance,
): void {
  if (measure === 'calls') return;
  const left = limit - committed - reserved;
  const known = remaining[measure];
  if (known === null || left < known) remaining[measure] = left;
}
