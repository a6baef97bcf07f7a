import type { CallToAdmit } from '../budget/call-to-admit.js';
import type { DecisionStep, Refusal } from '../budget/decision.js';
import type { CallShape } from '../estimate/estimator.js';
import type { BreakerAdvice } from './breakers.js';
import { degraded } from './degrade.js';

/** What became of a call before budgets are asked. */
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
  before: Heeded,
  isPriced: (shape: CallShape) => boolean,
): Heeded {
  let { shape } = before;
  const steps = [...before.steps];
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
    const next = degraded(step, downgrades, shape, call, isPriced);
    if (next === null) continue;
    shape = next;
    steps.push({ do: 'breaker', breaker: name, step, probe });
  }
  return { shape, steps, refusal: null };
}
