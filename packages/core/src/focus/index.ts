export {
  focusColumns,
  focusVersion,
  type FocusColumn,
  type FocusColumnName,
  type FocusRow,
} from './columns.js';
export { focusCsvHeader, focusCsvLine } from './csv.js';
export { FocusExport, type FocusSummary } from './focus-export.js';
export type { FocusOptions } from './options.js';
export { readFocusTags, type FocusTag } from './tags-column.js';
export { focusPrecision, focusSchemaId, focusSchemaMetadata } from './schema-metadata.js';
export { focusRuleCount, FocusValidator, type FocusFinding } from './validate.js';
