export * from './errors.js';
export * from './entry.js';
export * from './adjust/adjustment.js';
export { adjustEntry, type AdjustmentFacts, type Correction } from './adjust/adjust-entry.js';
export { readingOfEntry } from './adjust/reading-of-entry.js';
export { restate, type Restated } from './adjust/restate.js';
export { statedAmount, type StatedAmount } from './adjust/stated-amount.js';
export { adjustmentFlaw, kindFlaw, type EntryFlaw } from './adjust/adjustment-flaw.js';
export { costChange, type CostChange } from './adjust/cost-change.js';
export * from './tags.js';
export * from './usage/usage.js';
export * from './pricing/charge.js';
export * from './report/query.js';
export * from './report/call-row.js';
export type { CallSearch } from './report/call-search.js';
export * from './report/cost-floors.js';
export * from './answer/index.js';
export * from './suggest.js';
export * from './report/window.js';
export * from './report/read-query.js';
export * from './report/report.js';
export { addsUp, unitOf, type MeasureUnit } from './report/measure-units.js';
export { shortenBucket } from './report/bucket-name.js';
export type { MeasureChange, RowComparison } from './report/compare-rows.js';
export * from './report/import-summary.js';
export * from './report/reprice-summary.js';
export * from './report/restatement.js';
export { asOfClosing, closingOf, monthWindow } from './report/closing.js';
export * from './report/price-sources.js';
export * from './report/prices.js';
export * from './money.js';
export * from './usage/call-context.js';
export { readCallContext } from './usage/read-call-context.js';
export * from './usage/providers.js';
export * from './usage/read-usage.js';
export type { StreamFold } from './usage/stream/stream-fold.js';
export {
  isFuller,
  readClaudeCodeLine,
  syntheticModel,
  type ClaudeCodeSnapshot,
} from './usage/claude-code-line.js';
export {
  codexBuckets,
  CodexLogReader,
  type CodexCounts,
  type CodexLogState,
  type CodexTurn,
} from './usage/codex-log-reader.js';
export { UsageContradiction } from './usage/fields.js';
export * from './report/cost-by-kind.js';
export * from './report/to-call-row.js';
export {
  PriceBook,
  type PriceBookOptions,
  type PriceRequest,
  type TokenPriceQuestion,
} from './pricing/price-book.js';
export * from './pricing/model-prices.js';
export * from './pricing/tool-prices.js';
export { modelsOf } from './pricing/price-file/models-of.js';
export type { PriceFile } from './pricing/price-file/price-file.js';
export { readPriceFile } from './pricing/price-file/read-price-file.js';
export { describePriceChange, diffLayers, type PriceChange } from './pricing/diff-layers.js';
export * from './pricing/price-rows.js';
export { perUnits, type RateUnit } from './pricing/rate-units.js';
export { overlayBook, overlayLayer } from './pricing/overlay/index.js';
export { pricedModel, type AnsweredModel } from './pricing/priced-model.js';
export { readOverride, type OverrideSubject } from './pricing/read-override.js';
export * from './reconcile/index.js';
export * from './estimate/output-model.js';
export * from './budget/budget.js';
export * from './budget/budget-window.js';
export * from './budget/budget-accounts.js';
export * from './budget/read-budgets.js';
export * from './budget/escrow.js';
export * from './budget/hold.js';
export * from './budget/decision.js';
export * from './budget/admission-request.js';
export * from './budget/admit.js';
export * from './budget/call-to-admit.js';
export * from './focus/index.js';
export * from './budget/truncate/truncate-history.js';
export * from './budget/lease/lease-authority.js';
export * from './budget/lease/leased-ledger.js';
export * from './budget/lease/memory-authority.js';
export * from './estimate/input-model.js';
export * from './estimate/count/index.js';
export { codedFileTokens } from './estimate/part-size.js';
export * from './estimate/prompt-sources.js';
export type { TokenPrices } from './pricing/token-prices.js';
export * from './estimate/estimator.js';
export * from './budget/circuit-breaker.js';
export * from './budget/read-breakers.js';
export {
  freeTerms,
  type Admission,
  type Admissions,
  type AdmissionTerms,
} from './admission/admission.js';
export { Breakers, type BreakerAdvice, type BreakersMemory } from './admission/breakers.js';
export type { BudgetChange, StatedLimits } from './admission/budget-change.js';
export {
  composeBudgets,
  identityOf,
  readLimits,
  type ComposedBudgets,
  type DefinedBudget,
} from './admission/compose-budgets.js';
export { Decider, type DeciderParts } from './admission/decider.js';
export type {
  Acknowledgement,
  AcknowledgementBook,
  DecisionRecorder,
  DefinitionsInForce,
  LocalBalances,
  Objection,
  RecordedDecision,
} from './admission/ports.js';
export {
  restrictionProblem,
  restrictionSteps,
  runOf,
  usuallyOneIn,
  type Restriction,
  type RestrictionsInForce,
  type StoppedRun,
} from './admission/restrictions.js';
export { isCounted, sharedBudgetsTag, takenAmounts } from './admission/taken-amounts.js';
export {
  isAdaptable,
  limitOutput,
  pathOnModel,
  type AdaptableRequest,
  type RequestEdit,
} from './adapt/adapt-request.js';
export * from './meter/index.js';
export * from './drift/index.js';
export * from './explain/index.js';
export * from './audit/index.js';
export * from './detect/index.js';
export * from './outliers/index.js';
export * from './margin/index.js';
export * from './cache/index.js';
export * from './forecast/index.js';
export * from './tag-policy/index.js';
export * from './templates/index.js';
export * from './telemetry/index.js';
export * from './runs/index.js';
export * from './whatif/index.js';
export * from './review/index.js';
export * from './incidents/index.js';
