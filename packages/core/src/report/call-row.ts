import type { PromptSource } from '../estimate/prompt-sources.js';
import type { Incident } from '../incidents/incident.js';
import type { CostSource, CostStatus } from '../pricing/charge.js';
import type { Outcome } from '../entry.js';
import type { Tags } from '../tags.js';
import type { TokenBuckets } from '../usage/usage.js';
import type { PriceBookStatus } from './price-sources.js';

/**
 * One call as tables and live views show it: a flat projection of the ledger entry.
 * Money is an exact decimal string in USD; null means unknown, and `cost_status` says why.
 */
export interface CallRow {
  id: string;
  kind: 'call' | 'adjustment';
  source: string;
  started_at: string;
  /** When it became known; later than its end for imports and adjustments. */
  recorded_at: string;
  /** Id of the entry that this one adjusts; null for calls and for amounts that belong to no call. */
  adjusts: string | null;
  duration_ms: number;
  first_byte_ms: number | null;
  provider: string;
  api: string;
  path: string | null;
  stream: boolean;
  model_requested: string | null;
  model: string | null;
  outcome: Outcome;
  http_status: number | null;
  error_type: string | null;
  attempt: number;
  tags: Tags;
  /** Null when the call has no usable usage. */
  tokens: (TokenBuckets & { reasoning: number }) | null;
  usage_estimated: boolean;
  /** Input tokens by where they come from; null where the request was not taken apart. */
  prompt: Record<PromptSource, number> | null;
  cost_usd: string | null;
  cost_status: CostStatus;
  cost_source: CostSource | null;
  cost_input_usd: string | null;
  /** Of the input's cost, what was read from and written to a cache. */
  cost_cache_read_usd: string | null;
  cost_cache_write_usd: string | null;
  cost_output_usd: string | null;
  reported_usd: string | null;
  /** Cost at public list prices; equal to `cost_usd` where no own price or discount applied. */
  list_usd: string | null;
  /** Expected cost; null where it is not compared: no estimate, or the usage is an estimate itself. */
  estimated_usd: string | null;
  /**
   * How far the cost as booked lies from the estimate: 0.3 is 30 % above, −0.3 is 30 % below; null where
   * one of them is not known.
   */
  cost_drift: number | null;
}

/** What `GET /api/v1/status` and `farthing doctor` tell. Byte counts are bytes, times ISO UTC. */
export interface Status {
  version: string;
  started_at: string;
  now: string;
  data_directory: string;
  store: {
    driver: string;
    path: string;
    bytes: number;
    entries: number;
    first_call_at: string | null;
    last_call_at: string | null;
  };
  journals: JournalStatus[];
  disk: { free_bytes: number; total_bytes: number };
  /** Bytes in journals not yet booked, and age of the oldest of them in milliseconds (null when caught up). */
  lag: { bytes: number; oldest_ms: number | null };
  unpriced_calls: number;
  unattributed_calls: number;
  price_book: string;
  prices: PriceBookStatus;
  gateway: { reachable: boolean; url: string | null; version: string | null };
}

export interface JournalStatus {
  name: string;
  segments: number;
  bytes: number;
  booked_bytes: number;
  /** Lines that could not be read: torn at a crash, or damaged. They are reported, never hidden. */
  unreadable_lines: number;
  /** Whether a running gateway is writing to it. */
  live: boolean;
}

/** Messages of the live stream `GET /api/v1/events` (server-sent events; the `event:` field is `type`). */
export type LiveEvent =
  | {
      type: 'calls';
      calls: CallRow[];
      /** Booked in the same moment but left out here to keep the stream light. */ omitted: number;
    }
  /** Something about an incident has changed: it, as it is now. */
  | { type: 'incident'; incident: Incident }
  | { type: 'heartbeat'; now: string };
