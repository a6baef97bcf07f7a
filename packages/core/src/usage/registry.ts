import { convertAiSdkUsage, convertAiSdkV5Usage } from './convert-ai-sdk-usage.js';
import { convertAnthropicMessagesUsage } from './convert-anthropic-messages-usage.js';
import { convertBedrockConverseUsage } from './convert-bedrock-converse-usage.js';
import { convertClaudeCodeLog } from './convert-claude-code-log.js';
import { convertCodexLog } from './convert-codex-log.js';
import { convertCohereUsage } from './convert-cohere-usage.js';
import { convertGeminiEmbeddingsUsage } from './convert-gemini-embeddings-usage.js';
import { convertGeminiInteractionsUsage } from './convert-gemini-interactions-usage.js';
import { convertGeminiUsage } from './convert-gemini-usage.js';
import { convertLangChainUsage } from './convert-langchain-usage.js';
import { convertLangfuseUsage } from './convert-langfuse-usage.js';
import { convertMistralOcrUsage } from './convert-mistral-ocr-usage.js';
import { convertNativeUsage, nativeConverter } from './convert-native-usage.js';
import {
  convertOpenAISpeechUsage,
  convertOpenAITranscriptionUsage,
} from './convert-openai-audio-usage.js';
import { convertOpenAIBatchUsage } from './convert-openai-batch-usage.js';
import { convertOpenAIChatUsage } from './convert-openai-chat-usage.js';
import { convertOpenAIEmbeddingsUsage } from './convert-openai-embeddings-usage.js';
import { convertOpenAIImagesUsage } from './convert-openai-images-usage.js';
import { convertOpenAIModerationsUsage } from './convert-openai-moderations-usage.js';
import { convertOpenAIRealtimeUsage } from './convert-openai-realtime-usage.js';
import { convertOpenAIResponsesUsage } from './convert-openai-responses-usage.js';
import {
  convertOpenInferenceUsage,
  convertOpenLLMetryUsage,
  convertOtelGenAiUsage,
} from './convert-span-usage.js';
import type { UsageConverter } from './converter.js';
import { isFields } from './fields.js';
import { foldAnthropicMessages } from './stream/fold-anthropic-messages.js';
import { foldGemini } from './stream/fold-gemini.js';
import { foldLastUsage } from './stream/fold-last-usage.js';
import { foldNative } from './stream/fold-native.js';
import { foldOpenAIChat } from './stream/fold-openai-chat.js';
import { foldOpenAIRealtime } from './stream/fold-openai-realtime.js';
import { foldOpenAIResponses } from './stream/fold-openai-responses.js';
import type { StreamFoldFactory } from './stream/stream-fold.js';

/** How one API's answers are read: whole, and streamed where the API streams. */
export interface ApiUsage {
  convert: UsageConverter;
  fold?: StreamFoldFactory;
}

const chat: ApiUsage = { convert: convertOpenAIChatUsage, fold: foldOpenAIChat };
const responses: ApiUsage = { convert: convertOpenAIResponsesUsage, fold: foldOpenAIResponses };
const gemini: ApiUsage = { convert: convertGeminiUsage, fold: foldGemini };
const converse: ApiUsage = {
  convert: convertBedrockConverseUsage,
  fold: foldLastUsage(convertBedrockConverseUsage, ['inputTokens']),
};
const native: ApiUsage = { convert: convertNativeUsage, fold: foldNative };
const cohere: ApiUsage = {
  convert: convertCohereUsage,
  fold: foldLastUsage(convertCohereUsage, ['billed_units']),
};
const interactions: ApiUsage = {
  convert: convertGeminiInteractionsUsage,
  fold: foldLastUsage(convertGeminiInteractionsUsage, ['total_input_tokens']),
};
const images: ApiUsage = {
  convert: convertOpenAIImagesUsage,
  fold: foldLastUsage(convertOpenAIImagesUsage, ['_tokens']),
};
const transcriptions: ApiUsage = {
  convert: convertOpenAITranscriptionUsage,
  fold: foldLastUsage(convertOpenAITranscriptionUsage, ['_tokens', 'duration']),
};
const speech: ApiUsage = {
  convert: convertOpenAISpeechUsage,
  fold: foldLastUsage(convertOpenAISpeechUsage, ['_tokens']),
};

/**
 * Cohere (also on other clouds) and Voyage both call it rerank; only Cohere bills search units, which
 * it states in `meta`.
 */
const convertRerankUsage: UsageConverter = (payload, call) => {
  const byUnits = call.provider === 'cohere' || (isFields(payload) && isFields(payload['meta']));
  return (byUnits ? convertCohereUsage : convertOpenAIEmbeddingsUsage)(payload, call);
};

/** One row per API. A new API is one more file and one more row. */
export const apis: Readonly<Record<string, ApiUsage>> = {
  'chat.completions': chat,
  completions: chat,
  responses,
  /** A batch as a whole states the sum of its items. */
  batch: { convert: convertOpenAIBatchUsage },
  embeddings: { convert: convertOpenAIEmbeddingsUsage },
  images,
  'images.generations': images,
  'images.edits': images,
  'audio.transcriptions': transcriptions,
  'audio.translations': transcriptions,
  'audio.speech': speech,
  realtime: { convert: convertOpenAIRealtimeUsage, fold: foldOpenAIRealtime },
  moderations: { convert: convertOpenAIModerationsUsage },
  messages: { convert: convertAnthropicMessagesUsage, fold: foldAnthropicMessages },
  generateContent: gemini,
  streamGenerateContent: gemini,
  interactions,
  embedContent: { convert: convertGeminiEmbeddingsUsage },
  converse,
  converseStream: converse,
  invokeModel: native,
  invokeModelWithResponseStream: native,
  'chat.v2': cohere,
  'chat.v1': cohere,
  'rerank.v2': cohere,
  'embed.v2': cohere,
  'embed.v1': cohere,
  embed: cohere,
  'rerank.v1': cohere,
  rerank: { convert: convertRerankUsage },
  ocr: { convert: convertMistralOcrUsage },
  'ai-sdk.v5': { convert: convertAiSdkV5Usage },
  'ai-sdk.provider-v2': { convert: convertAiSdkV5Usage },
  'ai-sdk.v6': { convert: convertAiSdkUsage },
  'ai-sdk.v7': { convert: convertAiSdkUsage },
  'ai-sdk.provider-v3': { convert: convertAiSdkUsage },
  'ai-sdk.provider-v4': { convert: convertAiSdkUsage },
  langchain: { convert: convertLangChainUsage },
  'otel.genai': { convert: convertOtelGenAiUsage },
  openinference: { convert: convertOpenInferenceUsage },
  openllmetry: { convert: convertOpenLLMetryUsage },
  langfuse: { convert: convertLangfuseUsage },
  'claude-code.jsonl': { convert: convertClaudeCodeLog },
  'codex.jsonl': { convert: convertCodexLog },
};

/**
 * An API that has no name here: read by the shape of its usage where only one vendor has that shape,
 * otherwise by the chat rule, which OpenAI-compatible providers speak.
 */
export const unnamedApi: ApiUsage = {
  convert: (payload, call) => {
    const convert = isFields(payload) ? nativeConverter(payload, call.provider) : undefined;
    return (convert ?? convertOpenAIChatUsage)(payload, call);
  },
  fold: foldOpenAIChat,
};
