import {
  Breakers,
  composeBudgets,
  Decider,
  Escrow,
  Estimator,
  FarthingError,
  type Admissions,
  type Decision,
  type DefinitionsInForce,
  type TokenPriceQuestion,
  type TokenPrices,
} from '@farthing/core';
import type { Balances } from './budgets/balances.js';
import type { BudgetSource } from './budgets/control-plane-budgets.js';
import { sayOnce } from './platform.js';

export interface AdmissionSettings {
  /** Budgets as farthing.yaml has them under `budgets`, or those of a control plane. */
  budgets?: readonly unknown[] | BudgetSource | undefined;
  /** Where balances stand, e.g. `redisBalances(…)`. Default: in this process's memory, from zero. */
  balances?: Balances | undefined;
  /** Told every decision that a budget had a part in. */
  onDecision?: ((decision: Decision) => void) | undefined;
}

/**
 * Decides about calls in this process: the gateway's own decider. Throws
 * `budgets_invalid` for a definition that is wrong, naming the field.
 * @internal
 */
export function createAdmissions(
  { budgets = [], balances, onDecision }: AdmissionSettings,
  tokenPrices: (question: TokenPriceQuestion) => TokenPrices | null,
): Pick<Admissions, 'admit' | 'ended'> {
  const definitions = isSource(budgets) ? budgets : fixed(budgets);
  const policyOf = (name: string) =>
    definitions.at(Date.now()).defined.find(({ budget }) => budget.name === name)?.budget
      .unavailable ?? { mode: 'closed' as const };
  const ledger = balances?.open(policyOf) ?? new Escrow();
  return new Decider({
    definitions,
    ledger,
    memory: null,
    estimator: new Estimator(tokenPrices),
    breakers: new Breakers([]),
    decisions: { add: (decision) => onDecision?.(decision) },
    acknowledgements: null,
    onProblem: (problem) => sayOnce(`budgets: ${problem.message}`),
  });
}

function isSource(budgets: readonly unknown[] | BudgetSource): budgets is BudgetSource {
  return !Array.isArray(budgets);
}

/** Budgets that stay as they are. */
function fixed(budgets: readonly unknown[]): DefinitionsInForce {
  const composed = composeBudgets(budgets, [], Date.now());
  if (composed.problems.length > 0) {
    throw new FarthingError('budgets_invalid', composed.problems.join(' '));
  }
  return { at: () => composed };
}
