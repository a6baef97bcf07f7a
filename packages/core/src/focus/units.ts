/** What is metered by a charge of some kind: in words, and the noun that it is counted in. */
export interface Meter {
  /** The specification's SkuMeter. */
  name: string;
  /** Plural and capitalised, as its unit format wants count-based units. */
  unit: string;
}

const meters: Readonly<Record<string, readonly [name: string, unit: string]>> = {
  input_uncached: ['Input tokens', 'Tokens'],
  cache_read: ['Cached input tokens', 'Tokens'],
  cache_write: ['Cache write tokens', 'Tokens'],
  cache_write_5m: ['Cache write tokens (5 minutes)', 'Tokens'],
  cache_write_1h: ['Cache write tokens (1 hour)', 'Tokens'],
  output: ['Output tokens', 'Tokens'],
  input_audio: ['Audio input tokens', 'Tokens'],
  input_image: ['Image input tokens', 'Tokens'],
  input_video: ['Video input tokens', 'Tokens'],
  cache_read_audio: ['Cached audio input tokens', 'Tokens'],
  cache_read_image: ['Cached image input tokens', 'Tokens'],
  output_audio: ['Audio output tokens', 'Tokens'],
  output_image: ['Image output tokens', 'Tokens'],
  output_video: ['Video output tokens', 'Tokens'],
  output_reasoning: ['Reasoning tokens', 'Tokens'],
  citation_tokens: ['Citation tokens', 'Tokens'],
  input_characters: ['Input characters', 'Characters'],
  web_searches: ['Web searches', 'Searches'],
  web_fetches: ['Web fetches', 'Fetches'],
  file_searches: ['File searches', 'Searches'],
  social_searches: ['Social searches', 'Searches'],
  search_queries: ['Search queries', 'Queries'],
  search_sources: ['Search sources', 'Sources'],
  search_units: ['Search units', 'Units'],
  requests: ['Requests', 'Requests'],
  text_messages: ['Text messages', 'Messages'],
  pages: ['Pages', 'Pages'],
  annotated_pages: ['Annotated pages', 'Pages'],
  audio_seconds: ['Audio time', 'Seconds'],
  gpu_seconds: ['GPU time', 'Seconds'],
  code_interpreter_sessions: ['Code interpreter sessions', 'Sessions'],
  code_interpreter_calls: ['Code interpreter calls', 'Calls'],
  images: ['Images', 'Images'],
};

/** Kinds that are not listed (a user's own tools) are counted in the specification's plain `Units`. */
export function meterOf(kind: string): Meter {
  const [name, unit] = meters[kind] ?? [sentence(kind), 'Units'];
  return { name, unit };
}

function sentence(kind: string): string {
  const words = kind.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const timeUnits: Readonly<Record<number, string>> = { 60: 'Minutes', 3_600: 'Hours' };

/**
 * The unit of a published price "per `per` units" in the specification's unit format, which wants
 * whole numbers and no abbreviations: `1000000 Tokens`, `1000 Searches`, `Images`, `Hours`.
 */
export function pricingUnit(unit: string, per: number): string {
  if (per === 1) return unit;
  const time = unit === 'Seconds' ? timeUnits[per] : undefined;
  return time ?? `${per} ${unit}`;
}

const irregular: Readonly<Record<string, string>> = {
  searches: 'search',
  fetches: 'fetch',
  queries: 'query',
};

/** The same for people: `1M tokens`, `1,000 searches`, `image`, `hour`. */
export function spokenUnit(unit: string, per: number): string {
  const written = pricingUnit(unit, per).toLowerCase();
  if (!/^\d/.test(written)) return irregular[written] ?? written.replace(/s$/, '');
  const words = unit.toLowerCase();
  return per === 1_000_000 ? `1M ${words}` : `${per.toLocaleString('en-US')} ${words}`;
}
