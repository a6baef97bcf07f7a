import type { PriceRow } from '../pricing/charge.js';
import type { Window } from '../report/query.js';
import type { TokenCounts } from './token-kinds.js';

/** Why a provider's figure and the ledger's differ. See docs/reconcile.md for the evidence each one needs. */
export const reconciliationCauses = [
  /** Calls that never passed Farthing: the provider counts them, the ledger has nothing. */
  'unrecorded_calls',
  /** Traffic of keys or projects that were declared not to be Farthing's. */
  'other_traffic',
  /** The same answer (response id) booked twice. */
  'double_booked',
  /** Calls that broke off or were left by the client: booked at an estimate. */
  'interrupted_calls',
  /** Answers whose usage never arrived: a lost stream tail, an unreadable answer. */
  'missing_usage',
  /** Other calls whose usage is Farthing's or a client's estimate. */
  'estimated_usage',
  /** Calls that failed for the caller and were billed all the same. */
  'errors_billed',
  /** Same tokens, another rate. */
  'price',
  /** Same tokens, billed in another service tier or price band. */
  'service_tier',
  /** Same tokens, billed as batch. */
  'batch',
  /** Same input, split otherwise between cached and uncached. */
  'cache_split',
  /** Same tokens in a neighbouring bucket: day edges, time zones, clock skew. */
  'time_edge',
  /** Tokens agree, and the ledger has no price for the model. */
  'unpriced',
  /** The provider's report was not final, or ends too early. */
  'late_data',
  /** The provider rounds its amounts. */
  'rounding',
  /** One factor over all models: a contract discount, credits, a tax. */
  'discount',
  /** Searches and other fees that are no tokens. */
  'tool_fees',
  /** Services that are no calls: storage, fine-tuning, seats. */
  'other_services',
  /** Credits stated as lines of their own. */
  'credits',
  /** Adjusting entries made by hand, which the provider's report cannot have. */
  'manual_adjustments',
] as const;
export type ReconciliationCauseName = (typeof reconciliationCauses)[number];

/** How much of a cause falls on one day and model. */
export interface CauseDetail {
  day: string;
  model: string | null;
  usd: string;
  /** Net tokens over all kinds; 0 where tokens only moved between kinds, tiers or buckets. */
  tokens: number;
  /** What the figures are, in words: both rates and the price row, the tiers, the hours. */
  note: string;
  /** For `price`: the row that priced the ledger's side. */
  price?: PriceRow;
}

export interface CauseShare {
  cause: ReconciliationCauseName;
  usd: string;
}

export interface ReconciliationCause extends CauseShare {
  /** One sentence for people. */
  title: string;
  /** Σ of the absolute amounts: what the cause weighs where its parts cancel out. */
  gross_usd: string;
  /** Net tokens by kind that it explains (provider − ledger). */
  tokens: TokenCounts;
  /** The largest parts, at most 20. */
  details: CauseDetail[];
  /** What to do about it. */
  next_step: string;
  /** A command that does it, where there is one. */
  command?: string;
}

/**
 * One comparison: difference = Σ causes + unexplained, exactly. `accuracy` is requirement R41:
 * 1 − (|unexplained| + |unrecorded|) / provider, where both absolute sums run over the finest cells
 * and the provider's total leaves out declared other traffic. Null when the provider billed nothing.
 */
export interface Comparison {
  provider_usd: string;
  ledger_usd: string;
  difference_usd: string;
  unexplained_usd: string;
  unrecorded_usd: string;
  accuracy: number | null;
}

export interface ReconciledDay extends Comparison {
  /** ISO start of the UTC day. */
  day: string;
  /** False while the provider may still change its figures for the day. */
  final: boolean;
  /** Why not, in words; absent where `final` is true. */
  open_reason?: string;
  causes: CauseShare[];
}

export interface ReconciledModel extends Comparison {
  model: string | null;
  causes: CauseShare[];
}

export interface ReconciledCell extends Comparison {
  day: string;
  model: string | null;
  causes: CauseShare[];
}

/** Days that were left out of the comparison on both sides, and why. */
export interface ExcludedDay {
  day: string;
  reason: string;
}

/** The result of one reconciliation, as it is saved, served and printed with `--json`. */
export interface Reconciliation extends Comparison {
  id: string;
  ran_at: string;
  provider: string;
  window: Window;
  bucket: 'hour' | 'day';
  /** `reported`: from the provider's cost report; `computed`: its usage at list prices. */
  provider_costs: 'reported' | 'computed';
  fetched_at: string;
  /** One plain sentence. */
  verdict: string;
  tokens: { provider: TokenCounts; ledger: TokenCounts; unexplained: TokenCounts };
  /** Largest `gross_usd` first. */
  causes: ReconciliationCause[];
  days: ReconciledDay[];
  models: ReconciledModel[];
  /** Day × model; those that differ, largest first, at most 5,000. */
  cells: ReconciledCell[];
  excluded_days: ExcludedDay[];
  notes: string[];
}
