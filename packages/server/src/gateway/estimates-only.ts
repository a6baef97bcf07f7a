import {
  Estimator,
  formatUsd,
  type CallEstimate,
  type Estimate,
  type TokenPriceQuestion,
  type TokenPrices,
} from '@farthing/core';
import type { Admission, Admissions, CallToAdmit } from './admission.js';

/** An estimate as the journal has it. */
export function estimateForEntry({ input, output, cost }: CallEstimate): Estimate {
  return {
    input_tokens: input.expected,
    output_tokens: Math.round(output.mean),
    output_q95: Math.ceil(output.q95),
    output_q99: Math.ceil(output.q99),
    ...(cost === null ? {} : { usd: formatUsd(cost.expected) }),
    method: input.method,
    basis: output.basis,
  };
}

/** Admits every call, with an estimate that learns: a gateway without budgets. */
export function estimatesOnly(
  tokenPrices: (question: TokenPriceQuestion) => TokenPrices | null,
): Admissions {
  const estimator = new Estimator(tokenPrices);
  const outputs = new WeakMap<Admission, CallEstimate['output']>();
  return {
    admit(call: CallToAdmit) {
      const estimate = estimator.estimate(call);
      const admission = { estimate: estimateForEntry(estimate), decision: null, changes: null };
      outputs.set(admission, estimate.output);
      return admission;
    },
    ended({ usage }, call, admission) {
      if (usage !== null) estimator.learn(call, usage, outputs.get(admission));
    },
    close: () => Promise.resolve(),
  };
}
