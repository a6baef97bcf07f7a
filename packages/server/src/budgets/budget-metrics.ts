import { Gauge, type Registry } from 'prom-client';
import type { BudgetStatus } from './budget-status.js';

/** Adds how full budgets are to a process's metrics; read when Prometheus asks. */
export function registerBudgetMetrics(
  registry: Registry,
  statuses: () => readonly BudgetStatus[] | Promise<readonly BudgetStatus[]>,
): void {
  const ratio: Gauge<'budget'> = new Gauge({
    name: 'farthing_budget_spent_ratio',
    help: 'Spent and held ÷ limit, of the fullest account of a budget. Paused budgets count on.',
    labelNames: ['budget'],
    registers: [registry],
    async collect() {
      ratio.reset();
      // Where balances cannot be read there is no figure, and all others are still scraped.
      const budgets = await Promise.resolve()
        .then(statuses)
        .catch(() => []);
      for (const { name, ratio: share } of budgets) ratio.set({ budget: name }, share);
    },
  });
}
