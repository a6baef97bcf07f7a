import type { TokenBuckets } from '@farthing/core';

/** All input, cached or not. */
export const inputTokens = (tokens: TokenBuckets): number =>
  tokens.input_uncached +
  tokens.cache_read +
  tokens.cache_write +
  tokens.cache_write_5m +
  tokens.cache_write_1h;

const kinds: Record<string, string> = {
  input_uncached: 'Input, not cached',
  cache_read: 'Input read from cache',
  cache_write: 'Input written to cache',
  cache_write_5m: 'Input written to 5-minute cache',
  cache_write_1h: 'Input written to 1-hour cache',
  output: 'Output',
  web_searches: 'Web searches',
  web_fetches: 'Web fetches',
};

/** A token bucket or billed unit in a reader's words. */
export const kindLabel = (kind: string): string =>
  kinds[kind] ?? `${kind.charAt(0).toUpperCase()}${kind.slice(1).replaceAll('_', ' ')}`;
