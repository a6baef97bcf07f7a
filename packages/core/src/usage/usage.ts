/**
 * Tokens of one call in disjoint buckets: every token is in exactly one of them, so that
 * `Σ bucket × rate` never bills a token twice. All counts are non-negative integers.
 *
 * Providers disagree on which count includes which (OpenAI's prompt tokens include cached ones,
 * Anthropic's input tokens exclude them); the normalisers in this folder settle that once.
 */
export interface TokenBuckets {
  /** Input that was neither read from nor written to a cache. Includes audio and image input. */
  input_uncached: number;
  /** Input read from the provider's prompt cache. */
  cache_read: number;
  /** Input written to a cache whose time to live the provider does not state (OpenAI). */
  cache_write: number;
  /** Input written to a 5-minute cache (Anthropic's default). */
  cache_write_5m: number;
  /** Input written to a 1-hour cache. */
  cache_write_1h: number;
  /** Everything generated, reasoning included. */
  output: number;
}

/**
 * Parts of the buckets above, for reports and for models that price a modality apart.
 * They are subsets ("of which"), never added to the buckets. Absent means not reported.
 */
export interface TokenDetails {
  /** Of `output`: hidden reasoning or thinking. */
  reasoning?: number;
  /** Of all input (cached or not): audio, image, video. */
  input_audio?: number;
  input_image?: number;
  input_video?: number;
  /** Of `cache_read`: audio, image. */
  cache_read_audio?: number;
  cache_read_image?: number;
  /** Of `output`: audio, image. */
  output_audio?: number;
  output_image?: number;
  /** Of `input_uncached`: results of server-side tools fed back to the model (Gemini). */
  tool_use_input?: number;
  /** Of `output`: predicted-output tokens. Both are billed as output (OpenAI). */
  accepted_prediction?: number;
  rejected_prediction?: number;
}

/**
 * What is billed by something other than tokens, by unit: `web_searches`, `web_fetches`,
 * `search_units`, `images`, `pages`, `audio_seconds`, `input_characters`, `requests`, …
 */
export type BilledUnits = Record<string, number>;

/** Facts in a response that change the price of its tokens. Read from the answer, not the request. */
export interface PriceModifiers {
  /** `default`, `flex`, `priority`, `batch`, … as the provider names it; absent when not stated. */
  service_tier?: string;
  /** Anthropic `inference_geo`, e.g. `us`. */
  inference_geo?: string;
  /** Anthropic `speed`, e.g. `fast`. */
  speed?: string;
  /** Perplexity `search_context_size`: its fee per request depends on it. */
  search_context_size?: string;
  /** `preview` where OpenAI's first web search tool was used. */
  search_tool?: string;
}

/** A cost that the provider itself states for the call, as a decimal string in USD. */
export interface ReportedCost {
  usd: string;
  /** Where it stood in the payload, e.g. `usage.cost`. */
  field: string;
  /**
   * Who says so. A provider's statement is the bill and wins over the computed cost; a client's own
   * record (Claude Code's `costUSD`) is kept beside it. Absent means the provider.
   */
  authority?: 'provider' | 'client';
}

/** The usage of one call, normalised. `raw` keeps the provider's own numbers. */
export interface Usage {
  tokens: TokenBuckets;
  details: TokenDetails;
  units: BilledUnits;
  modifiers: PriceModifiers;
  /** True when the counts are Farthing's estimate (aborted or interrupted call), not the provider's. */
  estimated: boolean;
  /**
   * Why the counts are not final, one sentence, as the reading said (`UsageReading.partial`): kept here
   * so that a price that comes later still makes a `partial` cost. Absent means final.
   */
  partial?: string;
  reported?: ReportedCost;
  /**
   * Usage of other models inside the same answer (Anthropic advisor iterations): billed at the
   * rates of `model`, not contained in the buckets above.
   */
  nested?: NestedUsage[];
  /**
   * Set where the counts above sum several requests (a session log): each one's own share. Long-context
   * bands, tiers and speeds are decided request by request, never by the sum.
   */
  requests?: RequestUsage[];
  /** The payload's usage object as the provider sent it: numbers and tier names, never text. */
  raw: unknown;
  /** What a reader should know: unknown detail fields, totals that do not add up, clamped counts. */
  notes: string[];
}

export interface NestedUsage {
  model: string;
  tokens: TokenBuckets;
  /** Facts that change its price, where they are not the call's own: an answer in a session log. */
  modifiers?: PriceModifiers;
}

/** One request's share of usage that sums several. */
export type RequestUsage = Pick<Usage, 'tokens' | 'details' | 'modifiers'>;

/** What a normaliser found in a payload. Numbers that contradict themselves are never billed. */
export type UsageReading =
  | {
      status: 'ok';
      usage: Usage;
      model?: string;
      response_id?: string;
      /**
       * Set when the counts are the provider's but not its last word (a stream that was cut off):
       * a sentence that says which count is only a lower bound. Absent means final.
       */
      partial?: string;
    }
  | { status: 'no_usage'; reason: string; model?: string; response_id?: string }
  | { status: 'not_billed'; reason: string; model?: string; response_id?: string }
  | { status: 'invalid_usage'; reason: string; raw: unknown; model?: string; response_id?: string };

/** The usage as an entry keeps it: with what the reading says about its being final. */
export function usageOfReading(reading: UsageReading): Usage | null {
  if (reading.status !== 'ok') return null;
  const { usage, partial = usage.partial } = reading;
  return partial === undefined ? usage : { ...usage, partial };
}

export function emptyTokens(): TokenBuckets {
  return {
    input_uncached: 0,
    cache_read: 0,
    cache_write: 0,
    cache_write_5m: 0,
    cache_write_1h: 0,
    output: 0,
  };
}

/** All input tokens, cached or not: the figure that decides long-context tiers. */
export function totalInput(tokens: TokenBuckets): number {
  return (
    tokens.input_uncached +
    tokens.cache_read +
    tokens.cache_write +
    tokens.cache_write_5m +
    tokens.cache_write_1h
  );
}
