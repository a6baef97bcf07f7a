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
