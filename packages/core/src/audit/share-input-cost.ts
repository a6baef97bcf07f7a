import type { PromptSource } from '../estimate/prompt-sources.js';
import { divideHalfEven, type Picodollars } from '../money.js';

export interface InputCost {
  total: Picodollars;
  /** Of that, for reading and writing caches. */
  cached: Picodollars;
  /** Tokens read from and written to caches. */
  cachedTokens: number;
}

/** Providers cache beginnings of prompts, and prompts are put together in this order. */
const promptOrder = ['tools', 'system', 'history', 'context', 'files', 'user'] as const;

/**
 * What of the input's cost falls to each source, exactly adding up to it. Cached tokens are cheaper and
 * always the beginning of a prompt: they are counted to tool schemas and instructions first, then to
 * earlier turns, and so on. Within cached and uncached tokens each costs the same.
 */
export function shareInputCost(
  tokens: Readonly<Record<PromptSource, number>>,
  { total, cached, cachedTokens }: InputCost,
): Record<PromptSource, Picodollars> {
  const inCache = { ...tokens };
  let left = cachedTokens;
  for (const source of promptOrder) {
    inCache[source] = Math.min(tokens[source], Math.max(left, 0));
    left -= inCache[source];
  }
  const fresh = { ...tokens };
  for (const source of promptOrder) fresh[source] = tokens[source] - inCache[source];
  const ofCache = shareAmount(inCache, cached);
  // Money for cached tokens where none are known of falls to all alike.
  const rest = total - promptOrder.reduce((sum, source) => sum + ofCache[source], 0n);
  const hasFresh = promptOrder.some((source) => fresh[source] > 0);
  const ofRest = shareAmount(hasFresh ? fresh : tokens, rest);
  for (const source of promptOrder) ofCache[source] += ofRest[source];
  return ofCache;
}

/** Divides an amount by tokens; the last part takes what rounding leaves. All 0 without tokens. */
function shareAmount(
  tokens: Readonly<Record<PromptSource, number>>,
  amount: Picodollars,
): Record<PromptSource, Picodollars> {
  const shares = { system: 0n, tools: 0n, context: 0n, history: 0n, user: 0n, files: 0n };
  const sources = promptOrder.filter((source) => tokens[source] > 0);
  let tokensLeft = sources.reduce((sum, source) => sum + BigInt(tokens[source]), 0n);
  let left = amount;
  for (const source of sources) {
    const part = divideHalfEven(left * BigInt(tokens[source]), tokensLeft);
    shares[source] = part;
    left -= part;
    tokensLeft -= BigInt(tokens[source]);
  }
  return shares;
}
