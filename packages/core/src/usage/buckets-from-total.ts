import { UsageContradiction } from './fields.js';
import { emptyTokens, type TokenBuckets } from './usage.js';

/** Counts as frameworks and telemetry state them. Undefined = not stated. */
export interface StatedInput {
  /** All input, or (`exclusive`) the input beside what the cache read and wrote. */
  input: number;
  cacheRead: number | undefined;
  /** All cache writes, of whatever lifetime. */
  cacheWrite: number | undefined;
  cacheWrite5m?: number | undefined;
  cacheWrite1h?: number | undefined;
  output: number;
}

/** Providers whose cache writes last 5 minutes unless stated otherwise. Others name no lifetime. */
const fiveMinuteWrites = /^(anthropic|aws-bedrock|google-vertex)$/;

/**
 * Disjoint buckets out of counts where the input is a total that contains the cached part; with
 * `exclusive` it is what remains beside it. Throws when the parts exceed the total.
 */
export function bucketsFromStated(
  stated: StatedInput,
  provider: string,
  exclusive = false,
): TokenBuckets {
  const tokens = emptyTokens();
  const split = (stated.cacheWrite5m ?? 0) + (stated.cacheWrite1h ?? 0);
  const write = stated.cacheWrite ?? split;
  if (split > write) {
    throw new UsageContradiction(
      `cache writes by lifetime (${split}) exceed all writes (${write})`,
    );
  }
  tokens.cache_read = stated.cacheRead ?? 0;
  tokens.cache_write_5m = stated.cacheWrite5m ?? 0;
  tokens.cache_write_1h = stated.cacheWrite1h ?? 0;
  tokens[fiveMinuteWrites.test(provider) ? 'cache_write_5m' : 'cache_write'] += write - split;
  const cached = tokens.cache_read + write;
  if (!exclusive && cached > stated.input) {
    throw new UsageContradiction(
      `cache reads and writes (${cached}) exceed the input (${stated.input}), which includes them`,
    );
  }
  tokens.input_uncached = exclusive ? stated.input : stated.input - cached;
  tokens.output = stated.output;
  return tokens;
}
