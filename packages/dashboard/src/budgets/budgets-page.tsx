import { Decisions } from '../decisions/decisions.js';
import { Breakers } from './breakers.js';
import { BudgetList } from './budget-list.js';

/** What calls may take, what became of those that did not fit, and what watches their pace. */
export function BudgetsPage() {
  return (
    <div className="space-y-4 pt-5">
      <BudgetList />
      <Breakers />
      <Decisions />
    </div>
  );
}
