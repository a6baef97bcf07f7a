/** How many units a published price is for. Rates are always stated the way the provider states them. */
export const perUnits = {
  input: 1_000_000,
  cache_read: 1_000_000,
  cache_write: 1_000_000,
  cache_write_5m: 1_000_000,
  cache_write_1h: 1_000_000,
  output: 1_000_000,
  input_audio: 1_000_000,
  input_image: 1_000_000,
  input_video: 1_000_000,
  cache_read_audio: 1_000_000,
  cache_read_image: 1_000_000,
  output_audio: 1_000_000,
  output_image: 1_000_000,
  output_video: 1_000_000,
  output_reasoning: 1_000_000,
  citation_tokens: 1_000_000,
  input_characters: 1_000_000,
  web_searches: 1_000,
  web_fetches: 1_000,
  file_searches: 1_000,
  social_searches: 1_000,
  search_queries: 1_000,
  search_sources: 1_000,
  search_units: 1_000,
  requests: 1_000,
  text_messages: 1_000,
  pages: 1_000,
  annotated_pages: 1_000,
  audio_seconds: 3_600,
  gpu_seconds: 3_600,
  code_interpreter_sessions: 1,
  code_interpreter_calls: 1_000,
  images: 1,
} as const satisfies Readonly<Record<string, number>>;

export type RateUnit = keyof typeof perUnits;

export function isRateUnit(name: string): name is RateUnit {
  return Object.hasOwn(perUnits, name);
}

/** Units that are tokens: what batch discounts, service tiers and regional premiums apply to. */
export function isTokenUnit(unit: RateUnit): boolean {
  return unit !== 'input_characters' && perUnits[unit] === 1_000_000;
}
