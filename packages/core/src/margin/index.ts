export type { RevenueFor, RevenueLine } from './revenue.js';
export { readRevenue, type RevenueRecord } from './read-revenue.js';
export { proratedRevenue } from './prorate.js';
export { centsOf, divideAmount, roundToCents } from './divide-amount.js';
export { buildMargin } from './margin-report.js';
export type {
  MarginFigures,
  MarginReport,
  MarginRequest,
  MarginRow,
  MarginVerdict,
  PlanMargin,
} from './margin.js';
export {
  allocationRules,
  buildStatements,
  type AllocationRule,
  type Statement,
  type StatementLine,
  type StatementsReport,
  type StatementsRequest,
} from './statements.js';
