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
