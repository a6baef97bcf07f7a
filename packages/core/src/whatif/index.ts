export {
  buildWhatIf,
  type NotCompared,
  type UsdRange,
  type WhatIf,
  type WhatIfFigures,
  type WhatIfRequest,
  type WhatIfRow,
} from './what-if.js';
export { readScenarioPrice, type Scenario } from './scenario.js';
export type { Incomparable } from './reprice-cell.js';
export {
  buildSubstitutions,
  type Substitution,
  type Substitutions,
  type SubstitutionsRequest,
} from './substitutions.js';
export { classOf, modelFamily, type FamilyMember, type ModelClass } from './model-family.js';
export {
  defaultTaskRules,
  selectModelClass,
  taskOf,
  taskTypes,
  type TaskFacts,
  type TaskRule,
  type TaskType,
} from './task-rules.js';
export {
  buildBatchable,
  type Batchable,
  type BatchableRequest,
  type BatchableWork,
} from './batchable.js';
export type { WorkRhythm } from './work-rhythm.js';
