export * from './provider-report.js';
export * from './result.js';
export { bookRates, type BookRates, type RateQuestion } from './book-rates.js';
export { usualFinalAfter, type FinalAfter } from './finality.js';
export { LedgerCells, type LedgerCellsOptions } from './ledger-cells.js';
export type { OwnTraffic } from './line-up.js';
export { readAnthropicCosts, readAnthropicUsage } from './read-anthropic-report.js';
export { readOpenAICosts, readOpenAIUsage, type ReadRows } from './read-openai-report.js';
export { marginMilliseconds, reconcile, type ReconcileRequest } from './reconcile.js';
export { readTable, type TableReport } from './read-table-report.js';
export {
  tablePresetNames,
  tablePresets,
  type TableMapping,
  type TablePreset,
} from './table-mapping.js';
