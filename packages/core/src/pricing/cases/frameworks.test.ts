import { describe } from 'vitest';
import { testPrices, type PriceCase } from './price-case.js';

const sonnet = 'claude-sonnet-4-5-20250929';
/** 21 × 3 + 188086 × 0.3 + 900 × 3.75 + 393 × 15 */
const sonnetUsd = '0.0657588';

const seen = (
  name: string,
  api: string,
  answer: object,
  usd: string | null,
  rest: Partial<PriceCase> = {},
): PriceCase => ({
  name,
  provider: 'anthropic',
  model: sonnet,
  api,
  at: '2026-03-01T00:00:00Z',
  answer,
  usd,
  ...rest,
});

describe('AI SDK', () => {
  testPrices(
    ['vertex', 'googleVertex'].map((name) =>
      seen(
        `version 5 leaves Claude’s cache out of the input on Vertex, too (${name})`,
        'ai-sdk.v5',
        {
          usage: {
            inputTokens: 21,
            outputTokens: 393,
            totalTokens: 414,
            cachedInputTokens: 188_086,
          },
          providerMetadata: { [name]: { cacheCreationInputTokens: 900 } },
        },
        sonnetUsd,
        { provider: `${name}.anthropic.messages` },
      ),
    ),
  );
  const raw = {
    input_tokens: 21,
    cache_creation_input_tokens: 900,
    cache_read_input_tokens: 188_086,
    cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 900 },
    output_tokens: 393,
  };
  testPrices([
    // the provider's own object knows the lifetime: 21 × 3 + 188086 × 0.3 + 900 × 6 + 393 × 15
    seen(
      'what the provider said is preferred',
      'ai-sdk.v6',
      {
        usage: {
          inputTokens: 189_007,
          inputTokenDetails: { noCacheTokens: 21, cacheReadTokens: 188_086, cacheWriteTokens: 900 },
          outputTokens: 393,
          totalTokens: 189_400,
          raw,
        },
      },
      '0.0677838',
      { counts: { cache_write_1h: 900 } },
    ),
    // Google's thoughts stand outside outputTokens: 10 × 1.25 + (20 + 100) × 10
    seen(
      'v5 leaves Google’s thoughts out of the output',
      'ai-sdk.v5',
      { usage: { inputTokens: 10, outputTokens: 20, totalTokens: 130, reasoningTokens: 100 } },
      '0.0012125',
      { provider: 'google', model: 'gemini-2.5-pro', counts: { output: 120, reasoning: 100 } },
    ),
    seen(
      'v5 keeps Anthropic’s own usage in its metadata',
      'ai-sdk.v5',
      {
        usage: { inputTokens: 21, outputTokens: 393, totalTokens: 414, cachedInputTokens: 188_086 },
        providerMetadata: { anthropic: { cacheCreationInputTokens: 900, usage: raw } },
      },
      '0.0677838',
      { counts: { cache_write_1h: 900 } },
    ),
    seen(
      'but not what a stream began with',
      'ai-sdk.v5',
      {
        usage: { inputTokens: 21, outputTokens: 393, totalTokens: 414, cachedInputTokens: 188_086 },
        providerMetadata: {
          anthropic: { cacheCreationInputTokens: 900, usage: { ...raw, output_tokens: 1 } },
        },
      },
      sonnetUsd,
    ),
    // (538 × 1.25 + 2208 × 0.125 + 197 × 10) / 2
    seen(
      'the tier of an OpenAI answer',
      'ai-sdk.v6',
      {
        usage: {
          inputTokens: 2746,
          inputTokenDetails: { noCacheTokens: 538, cacheReadTokens: 2208 },
          outputTokens: 197,
          totalTokens: 2943,
        },
        providerMetadata: { openai: { responseId: 'r', serviceTier: 'flex' } },
      },
      '0.00145925',
      { provider: 'openai.responses', model: 'gpt-5-2025-08-07' },
    ),
    // 538 × 1.25 + 2208 × 0.125 + 197 × 10; the SDK's schema drops total_tokens
    seen(
      'what OpenAI said, without the total that the SDK does not keep',
      'ai-sdk.v6',
      {
        usage: {
          inputTokens: 2746,
          outputTokens: 197,
          totalTokens: 2943,
          raw: {
            input_tokens: 2746,
            input_tokens_details: { cached_tokens: 2208 },
            output_tokens: 197,
            output_tokens_details: { reasoning_tokens: 64 },
          },
        },
      },
      '0.0029185',
      { provider: 'openai', model: 'gpt-5-2025-08-07', counts: { reasoning: 64 } },
    ),
    // Cohere bills billed_units, the SDK's own counts are not: 39 × 2.5 + 27 × 10
    seen(
      'Cohere’s billed units in what the provider said',
      'ai-sdk.v6',
      {
        usage: {
          inputTokens: 1683,
          outputTokens: 62,
          totalTokens: 1745,
          raw: {
            billed_units: { input_tokens: 39, output_tokens: 27 },
            tokens: { input_tokens: 1683, output_tokens: 62 },
          },
        },
      },
      '0.0003675',
      { provider: 'cohere.chat', model: 'command-a-03-2025' },
    ),
    seen(
      'provider level, fourth version',
      'ai-sdk.provider-v4',
      {
        usage: {
          inputTokens: { total: 189_007, noCache: 21, cacheRead: 188_086, cacheWrite: 900 },
          outputTokens: { total: 393, text: 393, reasoning: 0 },
        },
      },
      sonnetUsd,
    ),
    seen(
      'more cached than there was input',
      'ai-sdk.v7',
      {
        usage: {
          inputTokens: 10,
          inputTokenDetails: { cacheReadTokens: 20 },
          outputTokens: 1,
          totalTokens: 11,
        },
      },
      null,
      { status: 'invalid_usage' },
    ),
  ]);
});

describe('telemetry and LangChain', () => {
  const input = 189_007;
  testPrices([
    seen(
      'OpenTelemetry, current names',
      'otel.genai',
      {
        attributes: {
          'gen_ai.provider.name': 'anthropic',
          'gen_ai.response.model': sonnet,
          'gen_ai.usage.input_tokens': input,
          'gen_ai.usage.output_tokens': 393,
          'gen_ai.usage.cache_read.input_tokens': 188_086,
          'gen_ai.usage.cache_write.input_tokens': 900,
        },
      },
      sonnetUsd,
    ),
    seen(
      'OpenTelemetry from an instrumentation that kept the underscores',
      'otel.genai',
      {
        attributes: {
          'gen_ai.request.model': sonnet,
          'gen_ai.usage.input_tokens': input,
          'gen_ai.usage.output_tokens': 393,
          'gen_ai.usage.cache_read_input_tokens': 188_086,
          'gen_ai.usage.cache_creation_input_tokens': 900,
        },
      },
      sonnetUsd,
    ),
    // text 100 × 4, audio 200 × 32 of which 50 cached × 0.4: 100 × 4 + 150 × 32 + 50 × 0.4 + 80 × 64
    seen(
      'OpenTelemetry by modality',
      'otel.genai',
      {
        attributes: {
          'gen_ai.response.model': 'gpt-realtime',
          'gen_ai.usage.input_tokens': 300,
          'gen_ai.usage.audio.input_tokens': 200,
          'gen_ai.usage.cache_read.input_tokens': 50,
          'gen_ai.usage.audio.cache_read.input_tokens': 50,
          'gen_ai.usage.output_tokens': 80,
          'gen_ai.usage.audio.output_tokens': 80,
        },
      },
      '0.01034',
      { provider: 'openai', model: 'gpt-realtime', counts: { cache_read_audio: 50 } },
    ),
    // 1000 × 4.25 + 500 × 17
    seen(
      'OpenTelemetry knows OpenAI’s tier',
      'otel.genai',
      {
        attributes: {
          'gen_ai.response.model': 'gpt-4o-2024-08-06',
          'gen_ai.usage.input_tokens': 1000,
          'gen_ai.usage.output_tokens': 500,
          'openai.response.service_tier': 'priority',
        },
      },
      '0.01275',
      { provider: 'openai', model: 'gpt-4o' },
    ),
    seen(
      'a span without usage',
      'otel.genai',
      { attributes: { 'gen_ai.operation.name': 'fetch_response' } },
      null,
      { status: 'no_usage' },
    ),
    // 476 × 2 + 1024 × 0.5 + 4200 × 8
    seen(
      'OpenInference, the other name of cached input',
      'openinference',
      {
        attributes: {
          'llm.output_model_name': 'o3-2025-04-16',
          'llm.token_count.prompt': 1500,
          'llm.token_count.completion': 4200,
          'llm.token_count.total': 5700,
          'llm.token_count.prompt_details.cache_input': 1024,
        },
      },
      '0.035064',
      { provider: 'openai', model: 'o3' },
    ),
    seen(
      'OpenLLMetry whose prompt leaves the cache out: the total shows it',
      'openllmetry',
      {
        attributes: {
          'gen_ai.response.model': sonnet,
          'gen_ai.usage.prompt_tokens': 21,
          'gen_ai.usage.completion_tokens': 393,
          'gen_ai.usage.cache_read_input_tokens': 188_086,
          'gen_ai.usage.cache_creation_input_tokens': 900,
          'llm.usage.total_tokens': 189_400,
        },
      },
      sonnetUsd,
    ),
    // flex halves: 600 × 1 + 400 × 0.25 + 1000 × 4
    ...[{ service_tier: 'flex' }, {}].map((response_metadata) =>
      seen(
        `LangChain names details by the tier (metadata ${JSON.stringify(response_metadata)})`,
        'langchain',
        {
          response_metadata: { model_name: 'o3-2025-04-16', ...response_metadata },
          usage_metadata: {
            input_tokens: 1000,
            output_tokens: 1000,
            total_tokens: 2000,
            input_token_details: { flex_cache_read: 400, flex: 600 },
            output_token_details: { flex_reasoning: 800, flex: 200 },
          },
        },
        '0.0047',
        { provider: 'openai', counts: { cache_read: 400, reasoning: 800 } },
      ),
    ),
    // LangChain for Python keeps the lifetimes: 900 × 6 instead of × 3.75
    seen(
      'LangChain with lifetimes',
      'langchain',
      {
        usage_metadata: {
          input_tokens: input,
          output_tokens: 393,
          total_tokens: 189_400,
          input_token_details: {
            cache_read: 188_086,
            cache_creation: 0,
            ephemeral_1h_input_tokens: 900,
          },
        },
      },
      '0.0677838',
    ),
  ]);
});

describe('LangChain for JS', () => {
  const usage_metadata = {
    input_tokens: 189_007,
    output_tokens: 393,
    total_tokens: 189_400,
    input_token_details: { cache_read: 188_086, cache_creation: 900 },
  };
  testPrices([
    seen(
      'finds the lifetimes in the provider’s own usage',
      'langchain',
      {
        usage_metadata,
        response_metadata: {
          model: sonnet,
          usage: {
            input_tokens: 21,
            cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 900 },
          },
        },
      },
      '0.0677838',
    ),
    seen(
      'which a batch says itself to be',
      'langchain',
      { usage_metadata, response_metadata: { usage: { service_tier: 'batch' } } },
      '0.0328794',
    ),
  ]);
});
