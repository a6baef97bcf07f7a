export {
  BudgetDesk,
  type Account,
  type BreakerOrder,
  type BreakerView,
  type BudgetAccess,
  type BudgetList,
  type BudgetStatus,
  type BudgetView,
  type EstimateRequest,
  type FoundDecision,
  type HistoryQuestion,
  type ModelEstimate,
  type Raise,
  type Raising,
  type Recorded,
  type RequestEstimate,
  type RestrictionList,
  type RestrictionOrder,
  type StopOrder,
  type StatedLimits,
} from './budget-desk.js';
export { registerBudgetMetrics } from './budget-metrics.js';
export {
  openAdmissions,
  type OpenAdmissionsOptions,
  type OpenedAdmissions,
} from './open-admissions.js';
