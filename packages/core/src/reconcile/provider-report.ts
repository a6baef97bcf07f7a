import type { Window } from '../report/query.js';
import type { TokenKind } from './token-kinds.js';

/** How wide the buckets of a usage report are. Costs always come by UTC day. */
export type ReportBucket = 'hour' | 'day';

/**
 * What one provider's own reports say about a window, in Farthing's terms: disjoint token kinds,
 * exact decimal strings in USD, UTC. Readers in this folder make it of the providers' payloads; it
 * has the same shape on the wire.
 */
export interface ProviderReport {
  provider: string;
  window: Window;
  bucket: ReportBucket;
  /** Null when no usage report was given. May reach beyond the window on both sides. */
  usage: UsageRow[] | null;
  /** Null when no cost report was given: costs are then computed from usage by list price. */
  costs: CostRow[] | null;
  /** End of the last bucket that the report holds at all; what comes later was not reported yet. */
  usage_until: string | null;
  costs_until: string | null;
  /** When the provider was asked. */
  fetched_at: string;
  /** What a reader should know: endpoints that were not offered, lines without meaning to us. */
  notes: string[];
}

/** Usage of one bucket, one model, one tier and one key, as far as the report tells them apart. */
export interface UsageRow {
  /** Start of the bucket, ISO 8601 in UTC. */
  at: string;
  model: string | null;
  /** `default`, `flex`, `priority`, `batch`, …; null when the report is not grouped by it. */
  tier: string | null;
  /** Whether the long-context price applies; null when the report does not say. */
  long: boolean | null;
  /** `us` where inference was pinned there, else `global`; null when the report does not say. */
  geo: string | null;
  project: string | null;
  api_key: string | null;
  /** Null when the provider does not count requests. */
  requests: number | null;
  tokens: Partial<Record<TokenKind, number>>;
  /** Billed units that are no tokens, e.g. `web_searches`. */
  units: Record<string, number>;
}

/** One line of a provider's costs: an amount of one UTC day. */
export interface CostRow {
  /** The day's beginning, ISO 8601 in UTC. */
  day: string;
  model: string | null;
  tier: string | null;
  long: boolean | null;
  geo: string | null;
  /** A token kind or a unit; null when the line covers several. */
  kind: string | null;
  /** `tokens`: of calls. `unit`: fees of calls that are no tokens. `credit`: given back. `other`: services that are no calls. */
  category: 'tokens' | 'unit' | 'credit' | 'other';
  usd: string;
  /** Decimals of a dollar with which the provider states the amount: how finely it rounds. */
  decimals: number;
  /** Tokens or units that the amount is for, where the line says so. */
  quantity: number | null;
  project: string | null;
  /** The line as the provider names it. */
  label: string;
}
