import { bucketsFromStated } from './buckets-from-total.js';
import { nativeConverter } from './convert-native-usage.js';
import { defineConverter, type UsageConverter } from './converter.js';
import {
  assertPart,
  assertTotal,
  countAt,
  fieldsAt,
  isFields,
  requiredCountAt,
  UsageContradiction,
  type Fields,
} from './fields.js';
import type { TokenBuckets, TokenDetails } from './usage.js';

/**
 * Vercel AI SDK, all shapes of `usage`. The provider's own object in `usage.raw` is preferred where it
 * is kept; otherwise:
 *
 * - v6, v7: `inputTokens` is the total for every provider. The deprecated `cachedInputTokens` and
 *   `reasoningTokens` of v6 repeat what the details say and are never added.
 * - Provider level V3, V4: `inputTokens: { total, noCache, cacheRead, cacheWrite }`.
 */
export const convertAiSdkUsage: UsageConverter = (payload, call) => {
  const usage = isFields(payload) ? fieldsAt(payload, 'usage') : undefined;
  const raw = fieldsAt(usage, 'raw');
  if (raw !== undefined) {
    const native = { ...(payload as Fields), usage: raw };
    const convert = nativeConverter(native, call.provider);
    if (convert !== undefined) return convert(native, call);
  }
  return convertStated(payload, call);
};

const convertStated = defineConverter({
  locate: (body) => body['usage'],
  read(usage, { call }) {
    const nested = fieldsAt(usage, 'inputTokens');
    const input = nested ?? fieldsAt(usage, 'inputTokenDetails');
    const output = fieldsAt(usage, 'outputTokens') ?? fieldsAt(usage, 'outputTokenDetails');
    const counts = {
      input:
        nested === undefined
          ? requiredCountAt(usage, 'inputTokens')
          : requiredCountAt(nested, 'total'),
      output:
        nested === undefined
          ? requiredCountAt(usage, 'outputTokens')
          : requiredCountAt(output ?? {}, 'total'),
      cacheRead:
        countAt(input, 'cacheReadTokens') ??
        countAt(input, 'cacheRead') ??
        countAt(usage, 'cachedInputTokens'),
      cacheWrite: countAt(input, 'cacheWriteTokens') ?? countAt(input, 'cacheWrite'),
    };
    const tokens = bucketsFromStated(counts, call.provider);
    const uncached = countAt(input, 'noCacheTokens') ?? countAt(input, 'noCache');
    if (uncached !== undefined && uncached !== tokens.input_uncached) {
      throw new UsageContradiction(
        `noCacheTokens is ${uncached}, but inputTokens without the cached ones is ${tokens.input_uncached}`,
      );
    }
    if (nested === undefined) {
      assertTotal(countAt(usage, 'totalTokens'), 'totalTokens', counts.input + counts.output);
    }
    const reasoning =
      countAt(output, 'reasoningTokens') ??
      countAt(output, 'reasoning') ??
      countAt(usage, 'reasoningTokens');
    return { tokens, details: reasoningDetails(reasoning, tokens) };
  },
});

/**
 * AI SDK v5: `inputTokens` includes the cached part for OpenAI and Google and excludes it for
 * Anthropic, whose cache writes stand in `providerMetadata` alone.
 */
export const convertAiSdkV5Usage = defineConverter({
  locate: (body) => body['usage'],
  read(usage, { body, call }) {
    const input = requiredCountAt(usage, 'inputTokens');
    let output = requiredCountAt(usage, 'outputTokens');
    const metadata = fieldsAt(body, 'providerMetadata');
    const anthropic = fieldsAt(metadata, 'anthropic');
    const bedrock = fieldsAt(fieldsAt(metadata, 'bedrock'), 'usage');
    const exclusive =
      call.provider === 'anthropic' || anthropic !== undefined || bedrock !== undefined;
    const total = countAt(usage, 'totalTokens');
    const reasoning = countAt(usage, 'reasoningTokens');
    // Google's thoughts are outside outputTokens there; the total shows it.
    if (reasoning !== undefined && total === input + output + reasoning) output += reasoning;
    else if (!exclusive) assertTotal(total, 'totalTokens', input + output);
    const tokens = bucketsFromStated(
      {
        input,
        output,
        cacheRead: countAt(usage, 'cachedInputTokens'),
        cacheWrite:
          countAt(anthropic, 'cacheCreationInputTokens') ??
          countAt(bedrock, 'cacheWriteInputTokens'),
      },
      call.provider,
      exclusive,
    );
    return { tokens, details: reasoningDetails(reasoning, tokens) };
  },
});

function reasoningDetails(reasoning: number | undefined, tokens: TokenBuckets): TokenDetails {
  if (reasoning === undefined) return {};
  assertPart(reasoning, 'reasoning tokens', tokens.output, 'the output tokens');
  return { reasoning };
}
