export {
  ruleMetrics,
  ruleModes,
  type AlertRule,
  type RuleAmount,
  type RuleFinding,
  type RuleKind,
  type RuleMetric,
  type RuleMode,
} from './alert-rule.js';
export { readAlertRules, ruleKinds, type RuleProblem } from './read-alert-rules.js';
export { RuleMonitor, type RuleState } from './rule-monitor.js';
export { spreadOf } from './deviation.js';
export {
  isAheadOfBudget,
  isHourAheadOfBudget,
  isOverCap,
  usualProRata,
  type ProRataTerms,
} from './budget-rules.js';
export {
  averageLimit,
  isBeyondMovingAverage,
  isHourBeyondAverage,
  isOverMedian,
  type AverageTerms,
} from './spread-rules.js';
export { measure, type Measured } from './metric.js';
export { usualZScore, zScore, type ZScore, type ZScoreTerms } from './z-score-rule.js';
