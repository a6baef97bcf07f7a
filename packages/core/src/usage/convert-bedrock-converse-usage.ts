import { isBatch } from './batch.js';
import { defineConverter, type CallFacts } from './converter.js';
import {
  countAt,
  fieldsAt,
  listAt,
  nameAt,
  requiredCountAt,
  UsageContradiction,
  type Fields,
} from './fields.js';
import { emptyTokens, type PriceModifiers, type TokenBuckets } from './usage.js';

/**
 * AWS Bedrock Converse: input, cache reads and cache writes are disjoint; `cacheDetails` splits the
 * writes by time to live. The older `…TokenCount` fields repeat the same values. The answer names no
 * model. On a stream the usage stands in the `metadata` event.
 */
export const convertBedrockConverseUsage = defineConverter({
  counts: new Set([
    'inputTokens',
    'outputTokens',
    'totalTokens',
    'cacheReadInputTokens',
    'cacheReadInputTokenCount',
    'cacheWriteInputTokens',
    'cacheWriteInputTokenCount',
  ]),
  locate: (body) => body['usage'] ?? fieldsAt(body, 'metadata')?.['usage'],
  read(usage, { body, call }) {
    const tokens = emptyTokens();
    tokens.input_uncached = requiredCountAt(usage, 'inputTokens');
    tokens.output = requiredCountAt(usage, 'outputTokens');
    tokens.cache_read =
      countAt(usage, 'cacheReadInputTokens') ?? countAt(usage, 'cacheReadInputTokenCount') ?? 0;
    const written = readWrites(usage, tokens);
    const plain = tokens.input_uncached + tokens.output;
    const total = countAt(usage, 'totalTokens');
    // Some models leave the cache out of the total.
    if (total !== undefined && total !== plain && total !== plain + tokens.cache_read + written) {
      throw new UsageContradiction(
        `totalTokens is ${total}, but the counts add up to ${plain + tokens.cache_read + written}`,
      );
    }
    return { tokens, modifiers: readModifiers(body, call) };
  },
});

/** Everything that was written to a cache, which it also puts into the buckets. */
function readWrites(usage: Fields, tokens: TokenBuckets): number {
  const stated =
    countAt(usage, 'cacheWriteInputTokens') ?? countAt(usage, 'cacheWriteInputTokenCount');
  const details = listAt(usage, 'cacheDetails');
  let split = 0;
  for (const detail of details) {
    const count = countAt(detail, 'inputTokens') ?? 0;
    tokens[nameAt(detail, 'ttl') === '1h' ? 'cache_write_1h' : 'cache_write_5m'] += count;
    split += count;
  }
  if (details.length === 0) tokens.cache_write_5m = stated ?? 0;
  else if (stated !== undefined && split !== stated) {
    throw new UsageContradiction(
      `cacheDetails adds up to ${split}, but cacheWriteInputTokens is ${stated}`,
    );
  }
  return tokens.cache_write_5m + tokens.cache_write_1h;
}

function readModifiers(body: Fields, call: CallFacts): PriceModifiers {
  const holder = fieldsAt(body, 'metadata') ?? body;
  const tier = isBatch(call) ? 'batch' : nameAt(fieldsAt(holder, 'serviceTier'), 'type');
  return tier === undefined ? {} : { service_tier: tier };
}
