export { leastGroupCalls, medianFactor, tailProbability } from './cost-floor.js';
export { outlierCauseKinds, type OutlierCause, type OutlierCauseKind } from './outlier-causes.js';
export type { PeerLevel } from './outlier-groups.js';
export {
  buildOutliers,
  type Outlier,
  type OutlierGroupRow,
  type OutlierReport,
  type OutlierRequest,
  type OutlierTokens,
} from './outlier-report.js';
export type { RunAround } from './run-around.js';
