import { noCounts, type Counts } from '../billing.js';
import type { Exchange } from '../exchange.js';
import { PrefixHash } from '../prefix-cache.js';
import type { Segment } from './prompt.js';

const smallestCachedPrompt = 1024;
const ttls = { '5m': 5 * 60_000, '1h': 60 * 60_000 };

/** System prompt and message framing that every request carries. */
const overheadTokens = 7;

/**
 * Input counts as Anthropic's prompt caching decides them. The longest known prefix before the last
 * breakpoint is read from the cache, wherever an earlier request had its breakpoints; from there
 * each breakpoint writes what precedes it, at its own time to live; what follows the last one is
 * plain input. Prefixes under 1,024 tokens are not cached.
 */
export function inputCounts(
  exchange: Exchange,
  model: string,
  segments: readonly Segment[],
  extraTokens: number,
): Counts {
  const { directives } = exchange;
  const counts = noCounts();
  const total =
    directives.inputTokens ??
    segments.reduce((sum, segment) => sum + segment.tokens, 0) + overheadTokens + extraTokens;
  const prefixes = cacheablePrefixes(exchange, model, segments, total);
  const fixed = directives.seed !== undefined || directives.cachedTokens !== undefined;
  const read = fixed
    ? Math.min(directives.cachedTokens ?? 0, total)
    : prefixes.reduce(
        (known, prefix) => (exchange.cache.hit(prefix.key, exchange.now) ? prefix.tokens : known),
        0,
      );
  let reached = read;
  for (const { key, tokens, breakpoint } of prefixes) {
    if (breakpoint === undefined || tokens <= reached) continue;
    counts[breakpoint === '1h' ? 'cache_write_1h' : 'cache_write_5m'] += tokens - reached;
    reached = tokens;
    if (!fixed) exchange.cache.store(key, exchange.now, ttls[breakpoint]);
  }
  counts.cache_read = read;
  counts.input_uncached = total - reached;
  return counts;
}

interface Prefix {
  key: string;
  tokens: number;
  breakpoint: Segment['breakpoint'];
}

/** The prefixes up to the last breakpoint that are long enough, shortest first. */
function cacheablePrefixes(
  exchange: Exchange,
  model: string,
  segments: readonly Segment[],
  total: number,
): Prefix[] {
  const end = segments.findLastIndex((segment) => segment.breakpoint !== undefined) + 1;
  const hash = new PrefixHash(`anthropic\n${exchange.keyId}\n${model}`);
  const prefixes: Prefix[] = [];
  let tokens = 0;
  for (const { text, tokens: own, breakpoint } of segments.slice(0, end)) {
    tokens += own;
    const key = hash.extend(text);
    if (tokens >= smallestCachedPrompt) {
      prefixes.push({ key, tokens: Math.min(tokens, total), breakpoint });
    }
  }
  return prefixes;
}
