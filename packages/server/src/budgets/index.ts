export { BudgetDesk } from './budget-desk.js';
export type {
  Account,
  BreakerOrder,
  BreakerView,
  BudgetAccess,
  BudgetList,
  BudgetStatus,
  BudgetView,
  EstimateRequest,
  FoundDecision,
  HistoryQuestion,
  ModelEstimate,
  Raise,
  Raising,
  Recorded,
  RequestEstimate,
  RestrictionList,
  RestrictionOrder,
  StopOrder,
  StatedLimits,
} from './budget-access.js';
export { registerBudgetMetrics } from './budget-metrics.js';
export {
  openAdmissions,
  type OpenAdmissionsOptions,
  type OpenedAdmissions,
} from './open-admissions.js';
