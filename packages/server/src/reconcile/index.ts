export { adminKeys, isFetched } from './admin-key.js';
export {
  createReconciler,
  fetchReport,
  type FetchReportOptions,
  type Reconciler,
  type ReconcileRun,
  type ReconcilerOptions,
  type ReconcileSettings,
} from './create-reconciler.js';
export { readLedgerSide } from './read-ledger.js';
export { around, readFinalAfter, wholeDays } from './spans.js';
export { readReportFiles, type ReportFiles } from './read-report-files.js';
