import {
  countAt,
  fieldsAt,
  noteUnknown,
  requiredCountAt,
  UsageContradiction,
  type Fields,
} from './fields.js';
import { emptyTokens, type TokenBuckets } from './usage.js';

/** Input buckets of one Anthropic usage object (top level or iteration); `output` is left at 0. */
export function readAnthropicTokens(usage: Fields, notes: string[]): TokenBuckets {
  const tokens = emptyTokens();
  tokens.input_uncached = requiredCountAt(usage, 'input_tokens');
  tokens.cache_read = countAt(usage, 'cache_read_input_tokens') ?? 0;
  const split = fieldsAt(usage, 'cache_creation');
  noteUnknown(split, lifetimes, 'cache_creation', notes, 'priced as if it lived for 5 minutes');
  const fiveMinutes = countAt(split, 'ephemeral_5m_input_tokens') ?? 0;
  const oneHour = countAt(split, 'ephemeral_1h_input_tokens') ?? 0;
  const written = countAt(usage, 'cache_creation_input_tokens') ?? fiveMinutes + oneHour;
  if (fiveMinutes + oneHour === 0) {
    // Without the breakdown the default lifetime holds: 5 minutes.
    tokens.cache_write_5m = written;
    return tokens;
  }
  if (fiveMinutes + oneHour !== written) {
    throw new UsageContradiction(
      `cache_creation adds up to ${fiveMinutes + oneHour}, but cache_creation_input_tokens is ${written}`,
    );
  }
  tokens.cache_write_5m = fiveMinutes;
  tokens.cache_write_1h = oneHour;
  return tokens;
}

const lifetimes = new Set(['ephemeral_5m_input_tokens', 'ephemeral_1h_input_tokens']);
