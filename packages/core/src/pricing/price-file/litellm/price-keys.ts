import type { PriceConditions, Threshold } from '../../price-rows.js';
import type { RateUnit } from '../../rate-units.js';

/** What one key of LiteLLM's map prices, and how many of the unit our rates are for. */
export interface PriceKey {
  unit: RateUnit;
  /** LiteLLM's figure × this = our rate. */
  factor: number;
  tier?: NonNullable<PriceConditions['service_tier']>;
  /** Thousands of input tokens above which it holds. */
  aboveThousand?: number;
}

const million = 1_000_000;

const units: Readonly<Record<string, readonly [unit: RateUnit, factor: number]>> = {
  input_cost_per_token: ['input', million],
  output_cost_per_token: ['output', million],
  cache_read_input_token_cost: ['cache_read', million],
  input_cost_per_token_cache_hit: ['cache_read', million],
  cache_creation_input_token_cost: ['cache_write', million],
  cache_creation_input_token_cost_above_1hr: ['cache_write_1h', million],
  input_cost_per_audio_token: ['input_audio', million],
  output_cost_per_audio_token: ['output_audio', million],
  cache_read_input_audio_token_cost: ['cache_read_audio', million],
  input_cost_per_image_token: ['input_image', million],
  cache_read_input_image_token_cost: ['cache_read_image', million],
  output_cost_per_image_token: ['output_image', million],
  output_cost_per_video_token: ['output_video', million],
  output_cost_per_reasoning_token: ['output_reasoning', million],
  citation_cost_per_token: ['citation_tokens', million],
  input_cost_per_character: ['input_characters', million],
  input_cost_per_request: ['requests', 1_000],
  input_cost_per_query: ['search_units', 1_000],
  ocr_cost_per_page: ['pages', 1_000],
  annotation_cost_per_page: ['annotated_pages', 1_000],
  file_search_cost_per_1k_calls: ['file_searches', 1],
  code_interpreter_cost_per_session: ['code_interpreter_sessions', 1],
  input_cost_per_second: ['audio_seconds', 3_600],
  output_cost_per_second: ['audio_seconds', 3_600],
  input_cost_per_image: ['images', 1],
  output_cost_per_image: ['images', 1],
};

const parts = /^(.+?)(?:_above_(\d{1,6})k_tokens)?(?:_(batches|flex|priority))?$/;

/** Takes a key like `input_cost_per_token_above_200k_tokens_priority` apart; undefined when unknown. */
export function parsePriceKey(key: string): PriceKey | undefined {
  const [, base = '', above, tier] = parts.exec(key) ?? [];
  if (!Object.hasOwn(units, base)) return undefined;
  const [unit, factor] = units[base] as [RateUnit, number];
  return {
    unit,
    factor,
    ...(tier === undefined ? {} : { tier: tier === 'batches' ? 'batch' : tier }),
    ...(above === undefined ? {} : { aboveThousand: Number(above) }),
  };
}

/** Whether a key that is not known looks like a price all the same. */
export function looksLikePrice(key: string): boolean {
  return /cost|pric|dbu/.test(key);
}

/** LiteLLM writes only the bound; whether it belongs to the band is the provider's own rule. */
export function thresholdOf(provider: string, tokens: number): Threshold {
  return { op: provider === 'xai' ? 'gte' : 'gt', tokens };
}
