import { convertAnthropicMessagesUsage } from './convert-anthropic-messages-usage.js';
import { convertBedrockConverseUsage } from './convert-bedrock-converse-usage.js';
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

/** The converter for an answer by the shape of its usage; undefined when no vendor is recognised. */
export function nativeConverter(body: Fields, provider: string): UsageConverter | undefined {
  const usage = fieldsAt(body, 'usage') ?? fieldsAt(body, 'usageMetadata');
  if (usage === undefined) return undefined;
  if ('promptTokenCount' in usage) return convertGeminiUsage;
  if ('prompt_tokens' in usage) return convertOpenAIChatUsage;
  if ('inputTokens' in usage) return convertBedrockConverseUsage;
  if (!('input_tokens' in usage)) return undefined;
  const anthropic =
    provider === 'anthropic' ||
    'cache_read_input_tokens' in usage ||
    'cache_creation_input_tokens' in usage ||
    !('total_tokens' in usage);
  return anthropic ? convertAnthropicMessagesUsage : convertOpenAIResponsesUsage;
}

/** Bedrock's text models without a usage object: Llama, and Titan. */
const convertTextModelUsage = defineConverter({
  locate: (body) =>
    'prompt_token_count' in body || 'inputTextTokenCount' in body ? body : undefined,
  read(body) {
    const tokens = emptyTokens();
    if ('prompt_token_count' in body) {
      tokens.input_uncached = requiredCountAt(body, 'prompt_token_count');
      tokens.output = requiredCountAt(body, 'generation_token_count');
      return { tokens };
    }
    tokens.input_uncached = requiredCountAt(body, 'inputTextTokenCount');
    for (const result of listAt(body, 'results'))
      tokens.output += countAt(result, 'tokenCount') ?? 0;
    return { tokens };
  },
});
