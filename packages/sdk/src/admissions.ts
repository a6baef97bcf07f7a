import {
  Breakers,
  composeBudgets,
  Decider,
  Escrow,
  Estimator,
  FarthingError,
  type Admissions,
  type Decision,
  type TokenPriceQuestion,
  type TokenPrices,
} from '@farthing/core';
import type { Balances } from './budgets/balances.js';
import { sayOnce } from './platform.js';

export interface AdmissionSettings {
  /** Budgets of this process, as farthing.yaml has them under `budgets`. Balances begin at zero. */
  budgets?: readonly unknown[] | undefined;
  /** Where balances stand, e.g. `redisBalances(…)`. Default: in this process's memory, from zero. */
  balances?: Balances | undefined;
  /** Told every decision that a budget had a part in. */
  onDecision?: ((decision: Decision) => void) | undefined;
}

/**
 * Decides about calls in this process: the gateway's own decider. Throws
 * `budgets_invalid` for a definition that is wrong, naming the field.
 */
export function createAdmissions(
  { budgets = [], balances, onDecision }: AdmissionSettings,
  tokenPrices: (question: TokenPriceQuestion) => TokenPrices | null,
): Pick<Admissions, 'admit' | 'ended'> {
  const composed = composeBudgets(budgets, [], Date.now());
  if (composed.problems.length > 0) {
    throw new FarthingError('budgets_invalid', composed.problems.join(' '));
  }
  const policies = new Map(composed.defined.map(({ budget }) => [budget.name, budget.unavailable]));
  const ledger =
    balances?.open((budget) => policies.get(budget) ?? { mode: 'closed' }) ?? new Escrow();
  return new Decider({
    definitions: { at: () => composed },
    ledger,
    memory: null,
    estimator: new Estimator(tokenPrices),
    breakers: new Breakers([]),
    decisions: { add: (decision) => onDecision?.(decision) },
    acknowledgements: null,
    onProblem: (problem) => sayOnce(`budgets: ${problem.message}`),
  });
}
