import type { CallToAdmit } from '../budget/call-to-admit.js';
import type { DecisionStep, Refusal } from '../budget/decision.js';
import type { CallShape } from '../estimate/estimator.js';
import type { BreakerAdvice } from './breakers.js';

export interface Heeded {
  shape: CallShape;
  steps: DecisionStep[];
  refusal: Refusal | null;
}

/**
 * What tripped breakers make of a call: the next cheaper model, half the history, or nothing of it.
 * A step that does not apply (no cheaper model, nothing to leave out) leaves the call as it is.
 */
export function heedBreakers(
  advice: readonly BreakerAdvice[],
  call: CallToAdmit,
  isPriced: (shape: CallShape) => boolean,
): Heeded {
  let { shape } = call;
  const steps: DecisionStep[] = [];
  for (const { breaker, step, probe } of advice) {
    if (step === null) continue;
    const { name, downgrades } = breaker.rule;
    if (step === 'throttle' || step === 'block') {
      steps.push({ do: 'breaker', breaker: name, step, probe });
      const { until } = breaker.status();
      const wait = until === null ? null : Math.max(1, Math.ceil((until - call.at) / 1_000));
      const refusal: Refusal = {
        action: step,
        budget: name,
        breaker: true,
        message: `Circuit breaker "${name}" has tripped: too much is spent too fast.`,
        retry_after_s: wait,
      };
      return { shape, steps, refusal };
    }
    const next =
      step === 'downgrade'
        ? downgraded(shape, downgrades, call, isPriced)
        : (call.truncated?.(Math.ceil(shape.textBytes / 2), shape) ?? null);
    if (next === null) continue;
    shape = next;
    steps.push({ do: 'breaker', breaker: name, step, probe });
  }
  return { shape, steps, refusal: null };
}

/** What cannot be priced would cost a breaker nothing, and mostly belongs to another provider. */
function downgraded(
  { model }: CallShape,
  chain: ReadonlyMap<string, string>,
  call: CallToAdmit,
  isPriced: (shape: CallShape) => boolean,
): CallShape | null {
  for (let to = chain.get(model); to !== undefined; to = chain.get(to)) {
    const next = call.onModel?.(to) ?? null;
    if (next === null || isPriced(next)) return next;
  }
  return null;
}
