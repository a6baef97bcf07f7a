import { convertAnthropicMessagesUsage } from './convert-anthropic-messages-usage.js';
import { convertGeminiUsage } from './convert-gemini-usage.js';
import { convertOpenAIChatUsage } from './convert-openai-chat-usage.js';
import { convertOpenAIEmbeddingsUsage } from './convert-openai-embeddings-usage.js';
import { convertOpenAIResponsesUsage } from './convert-openai-responses-usage.js';
import type { UsageConverter } from './converter.js';
import { foldAnthropicMessages } from './stream/fold-anthropic-messages.js';
import { foldGemini } from './stream/fold-gemini.js';
import { foldOpenAIChat } from './stream/fold-openai-chat.js';
import { foldOpenAIResponses } from './stream/fold-openai-responses.js';
import type { StreamFoldFactory } from './stream/stream-fold.js';

/** How one API's answers are read: whole, and streamed where the API streams. */
export interface ApiUsage {
  convert: UsageConverter;
  fold?: StreamFoldFactory;
}

/** One row per API. A new API is one more file and one more row. */
export const apis: Readonly<Record<string, ApiUsage>> = {
  'chat.completions': { convert: convertOpenAIChatUsage, fold: foldOpenAIChat },
  completions: { convert: convertOpenAIChatUsage, fold: foldOpenAIChat },
  responses: { convert: convertOpenAIResponsesUsage, fold: foldOpenAIResponses },
  embeddings: { convert: convertOpenAIEmbeddingsUsage },
  messages: { convert: convertAnthropicMessagesUsage, fold: foldAnthropicMessages },
  generateContent: { convert: convertGeminiUsage, fold: foldGemini },
};
