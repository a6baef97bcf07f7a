import { decimalFromNumber, formatUsd, parseUsdRounded } from '../money.js';
import { readUsage } from '../usage/read-usage.js';
import type { UsageReading } from '../usage/usage.js';
import { isUsageAttribute, names } from './attribute-names.js';
import { numberIn, numberOf, textOf, type Attributes, type Span } from './span.js';

export interface SpanUsage {
  /** The vocabulary in which the span states its usage, as {@link readUsage} knows it. */
  api: string;
  reading: UsageReading;
}

/**
 * Instrumentations that pass the provider's input count on where it leaves cached tokens out, against
 * the convention. Where the numbers alone show it, no name is needed.
 */
const exclusiveScopes: ReadonlySet<string> = new Set(['@traceloop/instrumentation-anthropic']);

/** Reads what a span says about tokens, by the rules of the vocabulary that it says it in. */
export function readSpanUsage(span: Span, provider: string): SpanUsage {
  const { api, payload } = statementOf(span);
  const reading = readUsage({ provider, api, payload });
  if (reading.status !== 'ok') return { api, reading };
  const reported = reportedCost(span.attributes);
  if (reported !== undefined) reading.usage.reported ??= reported;
  const tier = textOf(span.attributes, names.tier);
  if (tier !== undefined) reading.usage.modifiers.service_tier ??= tier;
  return { api, reading };
}

/** Whether the span states any usage, readable or not. */
export function statesUsage(attributes: Attributes): boolean {
  if (textOf(attributes, names.langfuseUsage, 8192) !== undefined) return true;
  for (const name of attributes.keys()) if (isUsageAttribute(name)) return true;
  return false;
}

function statementOf({ attributes, scope }: Span): { api: string; payload: object } {
  const counts = countsOf(attributes);
  if (has(counts, ['ai.usage.inputTokens', 'ai.usage.promptTokens', 'ai.usage.tokens'])) {
    return aiSdkStatement(attributes, counts);
  }
  if (has(counts, ['gen_ai.usage.input_tokens', 'gen_ai.usage.prompt_tokens'])) {
    const traceloop = scope.startsWith('@traceloop/') || has(counts, ['llm.usage.total_tokens']);
    const tier = textOf(attributes, names.tier);
    return {
      api: traceloop ? 'openllmetry' : 'otel.genai',
      payload: {
        attributes: tier === undefined ? counts : { ...counts, [names.tier[0]]: tier },
        ...(exclusiveScopes.has(scope) ? { input_excludes_cache: true } : {}),
      },
    };
  }
  const details = jsonAt(attributes, names.langfuseUsage);
  if (details !== undefined) return { api: 'langfuse', payload: { usage_details: details } };
  const openInference = Object.keys(counts).some((name) => name.startsWith('llm.token_count.'));
  return { api: openInference ? 'openinference' : 'otel.genai', payload: { attributes: counts } };
}

/**
 * The AI SDK's usage as its own result objects have it. Version 6 names the parts of the input; versions
 * 4 and 5 do not, and keep what Anthropic wrote to its cache in the metadata alone.
 */
function aiSdkStatement(
  attributes: Attributes,
  counts: Record<string, unknown>,
): { api: string; payload: object } {
  const at = (name: string) => counts[`ai.usage.${name}`];
  const embedded = at('tokens');
  const input = at('inputTokens') ?? at('promptTokens') ?? embedded;
  const output =
    at('outputTokens') ?? at('completionTokens') ?? (embedded === undefined ? undefined : 0);
  const details = {
    noCacheTokens: at('inputTokenDetails.noCacheTokens'),
    cacheReadTokens: at('inputTokenDetails.cacheReadTokens'),
    cacheWriteTokens: at('inputTokenDetails.cacheWriteTokens'),
  };
  const detailed = Object.values(details).some((count) => count !== undefined);
  const metadata = providerMetadata(attributes);
  return {
    api: detailed ? 'ai-sdk.v6' : 'ai-sdk.v5',
    payload: {
      usage: {
        inputTokens: input,
        outputTokens: output,
        ...(at('totalTokens') === undefined ? {} : { totalTokens: at('totalTokens') }),
        ...(detailed
          ? {
              inputTokenDetails: details,
              outputTokenDetails: { reasoningTokens: at('outputTokenDetails.reasoningTokens') },
            }
          : {
              cachedInputTokens: at('cachedInputTokens'),
              reasoningTokens: at('reasoningTokens'),
            }),
      },
      ...(metadata === undefined ? {} : { providerMetadata: metadata }),
    },
  };
}

/** Of the providers' metadata only what sets a price is looked at: it may hold text as well. */
function providerMetadata(attributes: Attributes): Record<string, unknown> | undefined {
  const metadata = jsonAt(attributes, names.providerMetadata);
  if (metadata === undefined) return undefined;
  const kept: Record<string, unknown> = {};
  for (const name of ['openai', 'azure', 'anthropic', 'bedrock']) {
    if (isObject(metadata[name])) kept[name] = metadata[name];
  }
  return kept;
}

function countsOf(attributes: Attributes): Record<string, unknown> {
  const counts: Record<string, unknown> = {};
  for (const [name, value] of attributes) {
    if (!isUsageAttribute(name)) continue;
    if (typeof value === 'string') counts[name] = numberIn(value) ?? value;
    // A missing count is exported as NaN by some versions of the AI SDK.
    else if (typeof value === 'number' && !Number.isNaN(value)) counts[name] = value;
  }
  return counts;
}

/** What the application's own tools say the call cost: kept beside the computed cost, never taken for it. */
function reportedCost(attributes: Attributes) {
  const currency = textOf(attributes, names.costCurrency);
  if (currency !== undefined && currency.toUpperCase() !== 'USD') return undefined;
  const amount = numberOf(attributes, names.reportedCost);
  if (amount === undefined || amount < 0 || amount > 1_000_000) return undefined;
  const field = names.reportedCost.find((name) => attributes.has(name))!;
  const usd = formatUsd(parseUsdRounded(decimalFromNumber(amount)));
  return { usd, field, authority: 'client' as const };
}

function has(counts: Record<string, unknown>, wanted: readonly string[]): boolean {
  return wanted.some((name) => counts[name] !== undefined);
}

const longestJson = 64 * 1024;

function jsonAt(
  attributes: Attributes,
  wanted: readonly string[],
): Record<string, unknown> | undefined {
  const text = textOf(attributes, wanted, longestJson);
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
