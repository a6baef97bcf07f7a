import type { Adjustment } from './adjust/adjustment.js';
import type { PromptPrefixes } from './cache/prompt-prefixes.js';
import type { PromptSource } from './estimate/prompt-sources.js';
import type { Charge, CostSource, CostStatus, PriceRow } from './pricing/charge.js';
import type { Tags } from './tags.js';
import type { SpanPlace } from './telemetry/span-facts.js';
import type { CallContext } from './usage/call-context.js';
import type { Usage } from './usage/usage.js';

/**
 * The version of the journal's lines. A reader refuses a newer major version instead of guessing.
 * Fields may be added within a version; readers ignore fields that they do not know.
 */
export const entrySchema = 1;

/** The name of the event where a sink needs one (JSONL archive, webhooks, streams). */
export const entryEvent = 'llm.cost.tracked';

/** How a call ended, seen from the caller. */
export type Outcome =
  /** The provider answered and the answer was delivered whole. */
  | 'ok'
  /** The provider answered with an error status, or could not be reached. */
  | 'error'
  /** The client left before the answer was complete. */
  | 'aborted'
  /** The provider's stream broke off, or the gateway died during the call. */
  | 'interrupted'
  /** A path that Farthing passes through and does not meter. */
  | 'unmetered';

/** The cost of one call. `usd` is an exact decimal string, or null with a status that says why. */
export interface Cost {
  usd: string | null;
  status: CostStatus;
  /** Where `usd` comes from; absent when it is null. */
  source?: CostSource;
  /** One line sentence for humans when the status is not `priced`. */
  reason?: string;
  charges: Charge[];
  /**
   * What the call costs at list prices: the public ones, and where no list has the model, the user's own
   * rates before discounts. Absent when that is `usd` (or, beside a reported cost, `computed_usd`).
   */
  list_usd?: string;
  /** The price row that priced the tokens. */
  price?: PriceRow;
  /** Cost stated by the provider or by the imported source, kept beside the computed one. */
  reported_usd?: string;
  /** What Farthing computed, when `usd` is the provider's or the source's figure. */
  computed_usd?: string;
}

/** What the call was expected to take before it left, as it left. */
export interface Estimate {
  input_tokens: number;
  /** The mean of what such calls take; 95 and 99 in 100 take no more than the quantiles. */
  output_tokens: number;
  output_q95?: number;
  output_q99?: number;
  /** Expected cost, a decimal string; absent when the model has no known price per token. */
  usd?: string;
  /** How the input was counted, e.g. `bytes/4`; `none` where the request says nothing of it. */
  method: string;
  /** Which earlier calls the output rests on, e.g. `template`; `none` before any were seen. */
  basis?: string;
}

/**
 * Where the input tokens of a call came from. The counts add up to the input that the provider counted;
 * a source that is absent had none. Counts only, never text.
 */
export interface PromptTokens extends Partial<Record<PromptSource, number>> {
  /**
   * How many calls of its feature and size this one stands for, itself included: of many large requests
   * only some are taken apart. Absent: one.
   */
  calls?: number;
}

/**
 * A ledger entry: one attempt at one model call, with what it used, what it cost and who spent it.
 * The same shape stands in the journal, the JSONL archive and the HTTP API (snake_case throughout).
 * Times are ISO 8601 in UTC with milliseconds. No prompt or answer text is ever part of it.
 */
export interface Entry {
  schema: typeof entrySchema;
  event: typeof entryEvent;
  /** UUID. Version 7 for live calls; derived from the source record for imports, so that a second import is a no-op. */
  id: string;
  /**
   * An `adjustment` corrects what was booked: its cost (and its usage, where that changed) is the
   * signed difference, and everything else repeats the call that it adjusts, so that sums over any
   * dimension come out restated.
   */
  kind: 'call' | 'adjustment';
  /** What the adjustment corrects and why. Present exactly when `kind` is `adjustment`. */
  adjusts?: Adjustment;
  /** What produced the entry: `gateway`, `sdk`, `import:aider`, … */
  source: string;
  started_at: string;
  ended_at: string;
  /**
   * When the entry became known, where that is not when the call ended: imports, recovered calls,
   * adjustments. Reports "as known at" a time leave out what was recorded later.
   */
  recorded_at?: string;
  duration_ms: number;
  /** Time to the first byte of the provider's answer, where known. */
  first_byte_ms?: number;
  provider: string;
  /** The provider API: `chat.completions`, `responses`, `embeddings`, `messages`, `generateContent`, … */
  api: string;
  /** Method and path (without query) of calls that are passed through unmetered. */
  path?: string;
  stream: boolean;
  model_requested: string | null;
  /** The model that answered and is priced. Null when the answer names none and the request none. */
  model: string | null;
  response_id?: string;
  outcome: Outcome;
  http_status: number | null;
  /** The provider's error type or code, e.g. `rate_limit_exceeded`; never its message. */
  error_type?: string;
  /** 1 for the first attempt; clients that retry announce it (`x-stainless-retry-count`). */
  attempt: number;
  usage: Usage | null;
  cost: Cost;
  /**
   * Facts beside the answer that set the price (regional host, deployment type, batch), so that the
   * call can be priced again exactly as it was. Absent when there are none.
   */
  context?: CallContext;
  /** Of an adjustment: that of its call, where the call is compared with it. */
  estimate?: Estimate;
  /** Absent where the request is no chat, was not taken apart, or its tokens were not counted. */
  prompt?: PromptTokens;
  /** Which beginnings the prompt shares with others. Absent where it is too short for any cache, or not read. */
  prefixes?: PromptPrefixes;
  /**
   * Of a call of a run, whose conversation ends in a turn of the model: how many of the run's last ten turns
   * before it say the same, digits masked. Absent where there is no such turn, or it was not compared.
   */
  repeats?: number;
  /** Of calls that telemetry reported: where they stand in their trace. */
  span?: SpanPlace;
  tags: Tags;
}

/** Journal line written before the call leaves: what is needed to book it if nothing follows. */
export interface OpenedLine {
  type: 'opened';
  schema: typeof entrySchema;
  id: string;
  source: string;
  started_at: string;
  provider: string;
  api: string;
  stream: boolean;
  model_requested: string | null;
  attempt: number;
  estimate: Estimate;
  tags: Tags;
}

/** Journal line that ends a call. */
export interface ClosedLine {
  type: 'closed';
  entry: Entry;
}

/** Journal line of a call that was opened and is left to another meter, e.g. a gateway on its way. */
export interface WithdrawnLine {
  type: 'withdrawn';
  schema: typeof entrySchema;
  id: string;
}

/**
 * First line of every segment. It carries the calls that were open when the segment began, so that
 * recovery after a crash needs the last segment only.
 */
export interface SegmentLine {
  type: 'segment';
  schema: typeof entrySchema;
  journal: string;
  segment: number;
  created_at: string;
  open: OpenedLine[];
}

export type JournalLine = SegmentLine | OpenedLine | ClosedLine | WithdrawnLine;

/** When an entry became known: the time that reports "as known at" compare with. */
export function recordedAt(entry: Pick<Entry, 'recorded_at' | 'ended_at'>): string {
  return entry.recorded_at ?? entry.ended_at;
}
