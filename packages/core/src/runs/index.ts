export { isOutcomeRecord, outcomeApi, outcomeTag, runOutcomes, scoreTag } from './run-outcome.js';
export { formatSteps, parseSteps, stepPath, type PathStep } from './step-path.js';
export { compareRuns, type StepDifference, type StepDifferenceCause } from './compare-runs.js';
export { dearestSteps, type DearestStep } from './dearest-steps.js';
export {
  buildRuns,
  type ListedKind,
  type ListedRun,
  type RunList,
  type RunsRequest,
} from './run-list.js';
export {
  buildRun,
  runKinds,
  type RunFacts,
  type RunKind,
  type RunOutcome,
  type RunReport,
  type RunRequest,
} from './run-report.js';
export { mergeSteps, stepDimensions, stepMeasures, stepOf, type RunStep } from './run-step.js';
export { buildRunTree, mostChildren, type RunNode } from './run-tree.js';
export type { SuccessRow } from './success-rows.js';
