import { bucketsFromStated } from './buckets-from-total.js';
import { nativeConverter } from './convert-native-usage.js';
import { defineConverter, type CallFacts, type UsageConverter } from './converter.js';
import {
  assertPart,
  assertTotal,
  countAt,
  fieldsAt,
  isFields,
  nameAt,
  requiredCountAt,
  UsageContradiction,
  type Fields,
} from './fields.js';
import type { PriceModifiers, TokenBuckets, TokenDetails } from './usage.js';

/**
 * Vercel AI SDK, all shapes of `usage`. The provider's own object in `usage.raw` is preferred where it
 * is kept; otherwise:
 *
 * - v6, v7: `inputTokens` is the total for every provider. The deprecated `cachedInputTokens` and
 *   `reasoningTokens` of v6 repeat what the details say and are never added.
 * - Provider level V3, V4: `inputTokens: { total, noCache, cacheRead, cacheWrite }`.
 */
export const convertAiSdkUsage: UsageConverter = (payload, call) =>
  (nativeOf(payload, call) ?? convertStated)(payload, call);

/**
 * What the provider itself said, where the SDK kept it: in `usage.raw`, for Anthropic also in its
 * metadata, which alone knows the lifetimes of cache writes.
 */
function nativeOf(payload: unknown, call: CallFacts): UsageConverter | undefined {
  if (!isFields(payload)) return undefined;
  const usage = fieldsAt(payload, 'usage');
  const metadata = fieldsAt(payload, 'providerMetadata');
  const anthropic = fieldsAt(anthropicIn(metadata), 'usage');
  // On streams of some versions it is the state at the start, whose output is a placeholder.
  const final = anthropic?.['output_tokens'] === usage?.['outputTokens'];
  const raw = fieldsAt(usage, 'raw') ?? (final ? anthropic : undefined);
  if (raw === undefined || countsMoreThanBilled(call, raw)) return undefined;
  const tier = tierOf(payload);
  const native: Fields = {
    ...payload,
    usage: raw,
    ...(tier === undefined ? {} : { service_tier: tier }),
  };
  const convert = nativeConverter(native, anthropic === raw ? 'anthropic' : call.provider);
  return convert === undefined ? undefined : () => convert(native, call);
}

/** What Anthropic's models say of themselves, which on Vertex stands under the cloud's name. */
function anthropicIn(metadata: Fields | undefined): Fields | undefined {
  const own = fieldsAt(metadata, 'anthropic');
  if (own !== undefined) return own;
  return ['vertex', 'googleVertex']
    .map((name) => fieldsAt(metadata, name))
    .find((fields) => fields !== undefined && 'cacheCreationInputTokens' in fields);
}

/** The tier that served an OpenAI answer stands in its metadata. */
function tierOf(body: Fields): string | undefined {
  const metadata = fieldsAt(body, 'providerMetadata');
  return (
    nameAt(fieldsAt(metadata, 'openai'), 'serviceTier') ??
    nameAt(fieldsAt(metadata, 'azure'), 'serviceTier')
  );
}

function modifiersOf(body: Fields): PriceModifiers {
  const tier = tierOf(body);
  return tier === undefined ? {} : { service_tier: tier };
}

/** The SDK passes on what Cohere's models read and wrote, of which Cohere bills a part. */
function countsMoreThanBilled(call: CallFacts, usage: Fields): boolean {
  return call.provider === 'cohere' && fieldsAt(usage, 'billed_units') === undefined;
}

const moreThanBilled = 'the counts are of all tokens, of which Cohere bills fewer';

/** Counts of tokens that a usage states at its top. */
const statedCounts: ReadonlySet<string> = new Set([
  'inputTokens',
  'outputTokens',
  'totalTokens',
  'reasoningTokens',
  'cachedInputTokens',
]);

const convertStated = defineConverter({
  counts: statedCounts,
  locate: (body) => body['usage'],
  read(usage, { body, call, notes }) {
    if (countsMoreThanBilled(call, usage)) notes.push(moreThanBilled);
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
    return {
      tokens,
      details: reasoningDetails(reasoning, tokens),
      modifiers: modifiersOf(body),
    };
  },
});

/**
 * AI SDK v5: `inputTokens` includes the cached part for OpenAI and Google and excludes it for
 * Anthropic, whose cache writes stand in `providerMetadata` alone.
 */
export const convertAiSdkV5Usage: UsageConverter = (payload, call) =>
  (nativeOf(payload, call) ?? convertStatedV5)(payload, call);

const convertStatedV5 = defineConverter({
  counts: statedCounts,
  locate: (body) => body['usage'],
  read(usage, { body, call, notes }) {
    if (countsMoreThanBilled(call, usage)) notes.push(moreThanBilled);
    const input = requiredCountAt(usage, 'inputTokens');
    let output = requiredCountAt(usage, 'outputTokens');
    const metadata = fieldsAt(body, 'providerMetadata');
    const anthropic = anthropicIn(metadata);
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
    return {
      tokens,
      details: reasoningDetails(reasoning, tokens),
      modifiers: modifiersOf(body),
    };
  },
});

function reasoningDetails(reasoning: number | undefined, tokens: TokenBuckets): TokenDetails {
  if (reasoning === undefined) return {};
  assertPart(reasoning, 'reasoning tokens', tokens.output, 'the output tokens');
  return { reasoning };
}
