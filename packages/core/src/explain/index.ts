export { effectKinds, type EffectKind } from './effects.js';
export type { CauseKind } from './causes.js';
export type { Onset } from './date-cause.js';
export {
  buildExplain,
  type ExplainedCause,
  type ExplainReport,
  type ExplainRequest,
} from './explain-report.js';
export type { Step as ExplainStep } from './steps.js';
export type { UnitQuantity } from './unit-quantity.js';
