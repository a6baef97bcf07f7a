export { comparedEstimate } from './compared-estimate.js';
export {
  defaultDriftThreshold,
  driftMillionths,
  isDrifted,
  isRowDrifted,
  leastComparedEstimate,
  rowDrift,
} from './cost-drift.js';
export {
  buildDrift,
  type DriftCause,
  type DriftReport,
  type DriftRequest,
  type DriftRow,
} from './drift-report.js';
export type { DriftBucket } from './drift-bucket.js';
export { judgeBias, type Bias } from './judge-bias.js';
export type { P95Drift } from './p95-drift.js';
