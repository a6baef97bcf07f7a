import { convertAnthropicMessagesUsage } from './convert-anthropic-messages-usage.js';
import { convertBedrockConverseUsage } from './convert-bedrock-converse-usage.js';
import { convertCohereUsage } from './convert-cohere-usage.js';
import { convertGeminiUsage } from './convert-gemini-usage.js';
import { convertOpenAIChatUsage } from './convert-openai-chat-usage.js';
import { convertOpenAIResponsesUsage } from './convert-openai-responses-usage.js';
import { defineConverter, type UsageConverter } from './converter.js';
import { fieldsAt, isFields, listAt, requiredCountAt, countAt, type Fields } from './fields.js';
import { emptyTokens } from './usage.js';

/**
 * Bedrock's InvokeModel, and other places that hand on whatever shape the model's vendor uses: the
 * converter is chosen by the fields that only that vendor has.
 */
export const convertNativeUsage: UsageConverter = (payload, call) => {
  const body = isFields(payload) ? payload : undefined;
  const convert = body === undefined ? undefined : nativeConverter(body, call.provider);
  return (convert ?? convertTextModelUsage)(payload, call);
};

/** Providers whose own `input_tokens` is the total. */
const openaiShaped = new Set(['openai', 'azure', 'xai']);

/** The converter for an answer by the shape of its usage; undefined when no vendor is recognised. */
export function nativeConverter(body: Fields, provider: string): UsageConverter | undefined {
  const usage = fieldsAt(body, 'usage') ?? fieldsAt(body, 'usageMetadata');
  if (usage === undefined) return undefined;
  if ('promptTokenCount' in usage) return convertGeminiUsage;
  if ('billed_units' in usage) return convertCohereUsage;
  if ('prompt_tokens' in usage) return convertOpenAIChatUsage;
  if ('inputTokens' in usage) return convertBedrockConverseUsage;
  if (!('input_tokens' in usage)) return undefined;
  // Clients drop fields that they do not know, so that a missing total says nothing.
  const openai =
    'input_tokens_details' in usage || 'total_tokens' in usage || openaiShaped.has(provider);
  const anthropic =
    provider === 'anthropic' ||
    'cache_read_input_tokens' in usage ||
    'cache_creation_input_tokens' in usage ||
    !openai;
  return anthropic ? convertAnthropicMessagesUsage : convertOpenAIResponsesUsage;
}

/**
 * Bedrock's text models without a usage object (Llama, Titan), the metrics that Bedrock adds to the
 * last event of a stream, and the counts in its response headers where a caller kept them.
 */
const convertTextModelUsage = defineConverter({
  locate: (body) =>
    fieldsAt(body, streamMetrics) ??
    ('prompt_token_count' in body || 'inputTextTokenCount' in body ? body : headerCounts(body)),
  read(usage) {
    const tokens = emptyTokens();
    if ('prompt_token_count' in usage) {
      tokens.input_uncached = requiredCountAt(usage, 'prompt_token_count');
      tokens.output = requiredCountAt(usage, 'generation_token_count');
      return { tokens };
    }
    if ('inputTextTokenCount' in usage) {
      tokens.input_uncached = requiredCountAt(usage, 'inputTextTokenCount');
      for (const result of listAt(usage, 'results')) {
        tokens.output += countAt(result, 'tokenCount') ?? 0;
      }
      return { tokens };
    }
    tokens.input_uncached = requiredCountAt(usage, 'inputTokenCount');
    tokens.output = requiredCountAt(usage, 'outputTokenCount');
    tokens.cache_read = countAt(usage, 'cacheReadInputTokenCount') ?? 0;
    tokens.cache_write_5m = countAt(usage, 'cacheWriteInputTokenCount') ?? 0;
    return { tokens };
  },
});

const streamMetrics = 'amazon-bedrock-invocationMetrics';

/** Header names are compared without case; a caller may have kept the values as text or as numbers. */
function headerCounts(body: Fields): Fields | undefined {
  const headers = new Map<string, unknown>();
  const stated = fieldsAt(body, 'headers');
  for (const name in stated) headers.set(name.toLowerCase(), stated[name]);
  const count = (name: string) => {
    const text = String(headers.get(`x-amzn-bedrock-${name}-token-count`) ?? '');
    return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
  };
  const inputTokenCount = count('input');
  const outputTokenCount = count('output');
  if (inputTokenCount === undefined && outputTokenCount === undefined) return undefined;
  return {
    inputTokenCount,
    outputTokenCount,
    cacheReadInputTokenCount: count('cache-read-input'),
    cacheWriteInputTokenCount: count('cache-write-input'),
  };
}
