import { noCounts, type Counts } from '../billing.js';
import type { Exchange } from '../exchange.js';
import { useImplicitCache } from '../prefix-cache.js';
import type { Prompt } from './prompt.js';

/** Models that report, and charge, what they write to the cache (from gpt-5.6 on). */
const reportsCacheWrites = /^gpt-(?:5\.[6-9]|[6-9])/;

/** Input counts of a request: from its directives, else from its prompt and the cache. */
export function inputCounts(exchange: Exchange, model: string, prompt: Prompt): Counts {
  const { directives } = exchange;
  const tokens = directives.inputTokens ?? prompt.tokens;
  const cached =
    directives.seed === undefined && directives.cachedTokens === undefined
      ? useImplicitCache(
          exchange.cache,
          `openai\n${exchange.keyId}\n${model}`,
          prompt.text,
          tokens,
          exchange.now,
        )
      : { read: Math.min(directives.cachedTokens ?? 0, tokens), written: 0 };
  const written = reportsCacheWrites.test(model) ? cached.written : 0;
  return {
    ...noCounts(),
    input_uncached: tokens - cached.read - written,
    cache_read: cached.read,
    cache_write: written,
  };
}

export function promptTotal(counts: Counts): number {
  return counts.input_uncached + counts.cache_read + counts.cache_write;
}

/** `cache_write_tokens` appears only for models that have it, as the vendor does it. */
export function cacheDetails(model: string, counts: Counts): Record<string, number> {
  return {
    cached_tokens: counts.cache_read,
    ...(reportsCacheWrites.test(model) ? { cache_write_tokens: counts.cache_write } : {}),
  };
}
