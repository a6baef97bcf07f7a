import { Gauge, type Registry } from 'prom-client';
import type { OpenedAdmissions } from '../budgets/open-admissions.js';

/** How budgets and breakers stand. Accounts of users are many and stay unnamed: the fullest speaks for all. */
export function registerBudgetMetrics(
  registry: Registry,
  { statuses, breakers }: Pick<OpenedAdmissions, 'statuses' | 'breakers'>,
): void {
  const registers = [registry];
  const ratio: Gauge<'budget'> = new Gauge({
    name: 'farthing_budget_spent_ratio',
    help: 'Spent and held of the limit, by budget: of its fullest account.',
    labelNames: ['budget'],
    registers,
    collect: () => {
      ratio.reset();
      for (const budget of statuses()) ratio.set({ budget: budget.name }, budget.ratio);
    },
  });
  const tripped: Gauge<'breaker'> = new Gauge({
    name: 'farthing_breaker_tripped',
    help: 'How many scopes of a circuit breaker are tripped or half open.',
    labelNames: ['breaker'],
    registers,
    collect: () => {
      tripped.reset();
      for (const { rule, state } of breakers()) {
        if (state !== 'closed') tripped.inc({ breaker: rule });
      }
    },
  });
}
