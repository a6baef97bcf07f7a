import {
  Estimator,
  freeTerms,
  type Admission,
  type Admissions,
  type TokenPriceQuestion,
  type TokenPrices,
} from '@farthing/core';

/** Admits every call, with an estimate that learns: a gateway without budgets. */
export function estimatesOnly(
  tokenPrices: (question: TokenPriceQuestion) => TokenPrices | null,
): Admissions {
  const estimator = new Estimator(tokenPrices);
  return {
    admit: ({ shape }) => ({
      outcome: 'admitted',
      shape,
      estimate: estimator.estimate(shape),
      warnings: [],
      decision: null,
      terms: freeTerms,
    }),
    ended({ usage }, call, { shape, estimate }: Admission) {
      if (usage !== null && call.estimable !== false) {
        estimator.learn(shape, usage, estimate.output);
      }
    },
    close: () => Promise.resolve(),
  };
}
