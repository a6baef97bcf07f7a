import type { BreakerStep } from '../budget/circuit-breaker.js';
import type { CallToAdmit } from '../budget/call-to-admit.js';
import type { CallShape } from '../estimate/estimator.js';

/**
 * The call on the next cheaper model that has a price, or with half of its request left out; null where
 * the step does not apply to it.
 * @param next model → the next cheaper one
 */
export function degraded(
  step: Extract<BreakerStep, 'downgrade' | 'truncate'>,
  next: ReadonlyMap<string, string>,
  shape: CallShape,
  call: CallToAdmit,
  isPriced: (shape: CallShape) => boolean,
): CallShape | null {
  if (step === 'truncate') return call.truncated?.(Math.ceil(shape.textBytes / 2), shape) ?? null;
  for (let to = next.get(shape.model); to !== undefined; to = next.get(to)) {
    const cheaper = call.onModel?.(to) ?? null;
    // What cannot be priced would cost a breaker nothing, and mostly belongs to another provider.
    if (cheaper === null || isPriced(cheaper)) return cheaper;
  }
  return null;
}
