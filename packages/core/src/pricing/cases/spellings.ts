import fc from 'fast-check';

/** What a call used, as no provider states it: every part apart. */
export interface Parts {
  plain: number;
  read: number;
  fiveMinutes: number;
  oneHour: number;
  text: number;
  reasoning: number;
}

const count = fc.nat(40_000);
export const parts = fc.record({
  plain: count,
  read: count,
  fiveMinutes: count,
  oneHour: count,
  text: count,
  reasoning: count,
});

export const inputOf = ({ plain, read, fiveMinutes, oneHour }: Parts) =>
  plain + read + fiveMinutes + oneHour;
export const outputOf = ({ text, reasoning }: Parts) => text + reasoning;

/** The same call in the words of every API: which count includes which is what differs. */
export const spellings: Record<
  string,
  { provider: string; api: string; spell(parts: Parts): object }
> = {
  'OpenAI chat': {
    provider: 'openai',
    api: 'chat.completions',
    spell: (call) => ({
      usage: {
        prompt_tokens: inputOf(call),
        completion_tokens: outputOf(call),
        total_tokens: inputOf(call) + outputOf(call),
        prompt_tokens_details: {
          cached_tokens: call.read,
          cache_write_tokens: call.fiveMinutes + call.oneHour,
        },
        completion_tokens_details: { reasoning_tokens: call.reasoning },
      },
    }),
  },
  'xAI chat': {
    provider: 'xai',
    api: 'chat.completions',
    spell: (call) => ({
      usage: {
        prompt_tokens: inputOf(call),
        completion_tokens: call.text,
        total_tokens: inputOf(call) + outputOf(call),
        prompt_tokens_details: { cached_tokens: call.read },
        completion_tokens_details: { reasoning_tokens: call.reasoning },
      },
    }),
  },
  'OpenAI responses': {
    provider: 'openai',
    api: 'responses',
    spell: (call) => ({
      usage: {
        input_tokens: inputOf(call),
        input_tokens_details: {
          cached_tokens: call.read,
          cache_write_tokens: call.fiveMinutes + call.oneHour,
        },
        output_tokens: outputOf(call),
        output_tokens_details: { reasoning_tokens: call.reasoning },
        total_tokens: inputOf(call) + outputOf(call),
      },
    }),
  },
  Anthropic: {
    provider: 'anthropic',
    api: 'messages',
    spell: (call) => ({
      usage: {
        input_tokens: call.plain,
        cache_read_input_tokens: call.read,
        cache_creation_input_tokens: call.fiveMinutes + call.oneHour,
        cache_creation: {
          ephemeral_5m_input_tokens: call.fiveMinutes,
          ephemeral_1h_input_tokens: call.oneHour,
        },
        output_tokens: outputOf(call),
        output_tokens_details: { thinking_tokens: call.reasoning },
      },
    }),
  },
  Gemini: {
    provider: 'google',
    api: 'generateContent',
    spell: (call) => ({
      usageMetadata: {
        // Cache writes take the place of tool results here: input that comes on top of the prompt.
        promptTokenCount: call.plain + call.read,
        cachedContentTokenCount: call.read,
        toolUsePromptTokenCount: call.fiveMinutes + call.oneHour,
        candidatesTokenCount: call.text,
        thoughtsTokenCount: call.reasoning,
        totalTokenCount: inputOf(call) + outputOf(call),
      },
    }),
  },
  'Gemini interactions': {
    provider: 'google',
    api: 'interactions',
    spell: (call) => ({
      usage: {
        total_input_tokens: call.plain + call.read,
        total_cached_tokens: call.read,
        total_tool_use_tokens: call.fiveMinutes + call.oneHour,
        total_output_tokens: call.text,
        total_thought_tokens: call.reasoning,
        total_tokens: inputOf(call) + outputOf(call),
      },
    }),
  },
  'Bedrock Converse': {
    provider: 'aws-bedrock',
    api: 'converse',
    spell: (call) => ({
      usage: {
        inputTokens: call.plain,
        outputTokens: outputOf(call),
        cacheReadInputTokens: call.read,
        cacheWriteInputTokens: call.fiveMinutes + call.oneHour,
        totalTokens: inputOf(call) + outputOf(call),
        cacheDetails: [
          { ttl: '1h', inputTokens: call.oneHour },
          { ttl: '5m', inputTokens: call.fiveMinutes },
        ],
      },
    }),
  },
  'AI SDK v6': {
    provider: 'anthropic',
    api: 'ai-sdk.v6',
    spell: (call) => ({
      usage: {
        inputTokens: inputOf(call),
        inputTokenDetails: {
          noCacheTokens: call.plain,
          cacheReadTokens: call.read,
          cacheWriteTokens: call.fiveMinutes + call.oneHour,
        },
        outputTokens: outputOf(call),
        outputTokenDetails: { textTokens: call.text, reasoningTokens: call.reasoning },
        totalTokens: inputOf(call) + outputOf(call),
      },
    }),
  },
  LangChain: {
    provider: 'anthropic',
    api: 'langchain',
    spell: (call) => ({
      usage_metadata: {
        input_tokens: inputOf(call),
        output_tokens: outputOf(call),
        total_tokens: inputOf(call) + outputOf(call),
        input_token_details: {
          cache_read: call.read,
          ephemeral_5m_input_tokens: call.fiveMinutes,
          ephemeral_1h_input_tokens: call.oneHour,
        },
        output_token_details: { reasoning: call.reasoning },
      },
    }),
  },
  OpenTelemetry: {
    provider: 'anthropic',
    api: 'otel.genai',
    spell: (call) => ({
      attributes: {
        'gen_ai.usage.input_tokens': inputOf(call),
        'gen_ai.usage.output_tokens': outputOf(call),
        'gen_ai.usage.cache_read.input_tokens': call.read,
        'gen_ai.usage.cache_write.input_tokens': call.fiveMinutes + call.oneHour,
        'gen_ai.usage.reasoning.output_tokens': call.reasoning,
      },
    }),
  },
};
