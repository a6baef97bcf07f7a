import { describe, expect, test } from 'vitest';
import { readUsage } from './read-usage.js';

function read(provider: string, api: string, payload: unknown, context?: object) {
  return readUsage({ provider, api, payload, ...(context === undefined ? {} : { context }) });
}

test.each([
  ['anthropic', 'messages', { usage: { input_tokens: 7, output_tokens: 3 } }],
  ['openai', 'responses', { usage: { input_tokens: 7, output_tokens: 3, total_tokens: 10 } }],
  ['openai', 'realtime', { response: { usage: { input_tokens: 7, output_tokens: 3 } } }],
  ['openai', 'images', { usage: { input_tokens: 7, output_tokens: 3 } }],
  ['openai', 'embeddings', { usage: { prompt_tokens: 7, total_tokens: 7 } }],
  ['google', 'generateContent', { usageMetadata: { promptTokenCount: 7, totalTokenCount: 7 } }],
  ['aws-bedrock', 'converse', { usage: { inputTokens: 7, outputTokens: 3 } }],
])('%s %s: a count that nobody knows yet is noted, never dropped', (provider, api, payload) => {
  const [holder] = Object.values(payload) as [{ usage?: object }];
  Object.assign(holder.usage ?? holder, { hologram_tokens: 5 });
  expect(read(provider, api, payload)).toMatchObject({
    status: 'ok',
    usage: { notes: [expect.stringContaining('hologram_tokens = 5')] },
  });
});

describe('Bedrock', () => {
  const usage = { inputTokens: 100, outputTokens: 50, cacheWriteInputTokens: 3000 };

  test('Converse splits its writes by time to live', () => {
    const cacheDetails = [
      { ttl: '1h', inputTokens: 2000 },
      { ttl: '5m', inputTokens: 1000 },
    ];
    const payload = {
      usage: { ...usage, totalTokens: 3150, cacheDetails },
      serviceTier: { type: 'flex' },
    };
    expect(read('aws-bedrock', 'converse', payload)).toMatchObject({
      usage: {
        tokens: { input_uncached: 100, cache_write_5m: 1000, cache_write_1h: 2000, output: 50 },
        modifiers: { service_tier: 'flex' },
      },
    });
    const broken = { usage: { ...usage, cacheDetails: [{ ttl: '1h', inputTokens: 2999 }] } };
    expect(read('aws-bedrock', 'converse', broken).status).toBe('invalid_usage');
  });

  test('a split without their sum is the sum', () => {
    const split = [
      { ttl: '1h', inputTokens: 2000 },
      { ttl: '5m', inputTokens: 1000 },
    ];
    const counts = { inputTokens: 100, outputTokens: 50, totalTokens: 3150, cacheDetails: split };
    expect(read('aws-bedrock', 'converse', { usage: counts })).toMatchObject({
      usage: { tokens: { input_uncached: 100, cache_write_5m: 1000, cache_write_1h: 2000 } },
    });
  });

  test('older field names repeat the same values', () => {
    const both = { ...usage, cacheWriteInputTokenCount: 3000, totalTokens: 3150 };
    expect(read('aws-bedrock', 'converse', { usage: both })).toMatchObject({
      usage: { tokens: { cache_write_5m: 3000 } },
    });
  });

  test.each([
    ['Anthropic', { usage: { input_tokens: 7, output_tokens: 3 } }],
    ['Mistral', { usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 } }],
    ['Nova', { usage: { inputTokens: 7, outputTokens: 3, totalTokens: 10 } }],
    ['Llama', { generation: 'x', prompt_token_count: 7, generation_token_count: 3 }],
    ['Titan', { inputTextTokenCount: 7, results: [{ tokenCount: 3, outputText: 'x' }] }],
    [
      'headers',
      {
        headers: {
          'x-amzn-bedrock-input-token-count': '7',
          'x-amzn-bedrock-output-token-count': '3',
        },
      },
    ],
  ])('InvokeModel hands on the shape of the vendor: %s', (_, payload) => {
    expect(read('aws-bedrock', 'invokeModel', payload)).toMatchObject({
      status: 'ok',
      usage: { tokens: { input_uncached: 7, output: 3 } },
    });
  });
});

describe('Cohere', () => {
  test('bills billed_units, not tokens', () => {
    const usage = {
      billed_units: { input_tokens: 39, output_tokens: 27 },
      tokens: { input_tokens: 1683, output_tokens: 62 },
      cached_tokens: 992,
    };
    expect(read('cohere', 'chat.v2', { usage })).toMatchObject({
      usage: { tokens: { input_uncached: 39, cache_read: 0, output: 27 } },
    });
  });

  test('a billed unit that nobody knows yet is noted', () => {
    const billed_units = { input_tokens: 3, output_tokens: 2, hologram_units: 4 };
    expect(read('cohere', 'chat.v2', { usage: { billed_units } })).toMatchObject({
      usage: { notes: [expect.stringContaining('billed_units.hologram_units = 4')] },
    });
  });

  test('reranking bills search units; Voyage’s bills tokens', () => {
    expect(read('cohere', 'rerank', { meta: { billed_units: { search_units: 2 } } })).toMatchObject(
      {
        usage: { units: { search_units: 2 } },
      },
    );
    expect(read('voyageai', 'rerank', { usage: { total_tokens: 26000 } })).toMatchObject({
      usage: { tokens: { input_uncached: 26000 } },
    });
  });
});

describe('images, audio and the like', () => {
  test('without output details all output of an image model is image', () => {
    const usage = { input_tokens: 20, output_tokens: 272, total_tokens: 292 };
    expect(read('openai', 'images', { usage })).toMatchObject({
      usage: { details: { output_image: 272 } },
    });
  });

  test('output of an image model that is text is no image', () => {
    const usage = { input_tokens: 20, output_tokens: 300, total_tokens: 320 };
    const output_tokens_details = { text_tokens: 28 };
    expect(read('openai', 'images', { usage: { ...usage, output_tokens_details } })).toMatchObject({
      usage: { details: { output_image: 272 } },
    });
    const broken = { ...usage, output_tokens_details: { text_tokens: 301 } };
    expect(read('openai', 'images', { usage: broken }).status).toBe('invalid_usage');
  });

  test('images that were read from the cache are told apart where the answer does', () => {
    const input_tokens_details = {
      image_tokens: 300,
      cached_tokens: 200,
      cached_tokens_details: { text_tokens: 20, image_tokens: 180 },
    };
    const usage = { input_tokens: 350, input_tokens_details, output_tokens: 1, total_tokens: 351 };
    expect(read('openai', 'images', { usage })).toMatchObject({
      usage: { details: { input_image: 300, cache_read_image: 180 } },
    });
  });

  test('DALL·E is counted by the piece', () => {
    expect(read('openai', 'images', { data: [{ url: 'x' }, { url: 'y' }] })).toMatchObject({
      usage: { units: { images: 2 } },
    });
  });

  test('transcriptions state seconds or tokens, or nothing at all', () => {
    const api = 'audio.transcriptions';
    const duration = { usage: { type: 'duration', seconds: 37.5 } };
    expect(read('openai', api, duration)).toMatchObject({
      usage: { units: { audio_seconds: 37.5 } },
    });
    expect(read('groq', api, { x_groq: { id: 'r' } }, { audio_seconds: 4 })).toMatchObject({
      usage: { units: { audio_seconds: 4 } },
    });
    expect(read('groq', api, { x_groq: { id: 'r' } }).status).toBe('no_usage');
  });

  test('speech without usage is billed by the characters sent', () => {
    const context = { request: { input_characters: 1200 } };
    expect(read('openai', 'audio.speech', { bytes: true }, context)).toMatchObject({
      usage: { units: { input_characters: 1200 } },
    });
    expect(read('openai', 'audio.speech', { bytes: true }).status).toBe('no_usage');
  });

  test('realtime counts include their cached parts', () => {
    const usage = {
      input_tokens: 700,
      output_tokens: 300,
      total_tokens: 1000,
      input_token_details: {
        audio_tokens: 400,
        cached_tokens: 320,
        cached_tokens_details: { audio_tokens: 120 },
      },
      output_token_details: { audio_tokens: 200 },
    };
    expect(
      read('openai', 'realtime', { type: 'response.done', response: { usage } }),
    ).toMatchObject({
      usage: {
        tokens: { input_uncached: 380, cache_read: 320 },
        details: { input_audio: 400, cache_read_audio: 120, output_audio: 200 },
      },
    });
  });

  test('a realtime answer may reason; what its details do not say yet is noted', () => {
    const usage = {
      input_tokens: 10,
      output_tokens: 20,
      input_token_details: { text_tokens: 10, hologram_tokens: 4 },
      output_token_details: { text_tokens: 20, reasoning_tokens: 7 },
    };
    expect(read('openai', 'realtime', { response: { usage } })).toMatchObject({
      usage: {
        details: { reasoning: 7 },
        notes: [expect.stringContaining('input_token_details.hologram_tokens = 4')],
      },
    });
  });

  test('a transcription by the second that does not say how many has no price, not one of 0', () => {
    expect(read('openai', 'realtime', { usage: { type: 'duration' } })).toMatchObject({
      status: 'invalid_usage',
      reason: 'seconds is missing',
    });
  });

  test('OCR is billed by page, more with annotations', () => {
    const usage_info = { pages_processed: 29 };
    expect(read('mistral', 'ocr', { usage_info })).toMatchObject({
      usage: { units: { pages: 29 } },
    });
    expect(read('mistral', 'ocr', { usage_info, document_annotation: '{}' })).toMatchObject({
      usage: { units: { annotated_pages: 29 } },
    });
  });

  test('Vertex states tokens per embedding, AI Studio nothing', () => {
    const embeddings = [{ statistics: { tokenCount: 120 } }, { statistics: { tokenCount: 80 } }];
    expect(read('google', 'embedContent', { embeddings })).toMatchObject({
      usage: { tokens: { input_uncached: 200 } },
    });
    expect(read('google', 'embedContent', { embedding: { values: [] } }).status).toBe('no_usage');
  });
});

describe('frameworks', () => {
  const tokens = { input_uncached: 21, cache_read: 188086, cache_write_5m: 900, output: 393 };
  const total = { inputTokens: 189007, outputTokens: 393, totalTokens: 189400 };
  const details = { noCacheTokens: 21, cacheReadTokens: 188086, cacheWriteTokens: 900 };

  test.each([
    ['ai-sdk.v7', { usage: { ...total, inputTokenDetails: details } }],
    ['ai-sdk.v6', { usage: { ...total, inputTokenDetails: details, cachedInputTokens: 188086 } }],
    [
      'ai-sdk.v6',
      {
        usage: {
          ...total,
          raw: {
            input_tokens: 21,
            cache_read_input_tokens: 188086,
            cache_creation_input_tokens: 900,
            output_tokens: 393,
          },
        },
      },
    ],
    [
      'ai-sdk.v5',
      {
        usage: { inputTokens: 21, outputTokens: 393, totalTokens: 414, cachedInputTokens: 188086 },
        providerMetadata: { anthropic: { cacheCreationInputTokens: 900 } },
      },
    ],
    [
      'ai-sdk.provider-v3',
      {
        usage: {
          inputTokens: { total: 189007, noCache: 21, cacheRead: 188086, cacheWrite: 900 },
          outputTokens: { total: 393, text: 393, reasoning: null },
        },
      },
    ],
    [
      'langchain',
      {
        usage_metadata: {
          input_tokens: 189007,
          output_tokens: 393,
          total_tokens: 189400,
          input_token_details: { cache_creation: 900, cache_read: 188086 },
        },
      },
    ],
    [
      'openinference',
      {
        attributes: {
          'llm.token_count.prompt': 189007,
          'llm.token_count.completion': 393,
          'llm.token_count.total': 189400,
          'llm.token_count.prompt_details.cache_read': 188086,
          'llm.token_count.prompt_details.cache_write': 900,
        },
      },
    ],
    [
      'otel.genai',
      {
        attributes: {
          'gen_ai.usage.input_tokens': 189007,
          'gen_ai.usage.output_tokens': 393,
          'gen_ai.usage.cache_read.input_tokens': 188086,
          'gen_ai.usage.cache_write.input_tokens': 900,
        },
      },
    ],
    [
      'openllmetry',
      {
        attributes: {
          'gen_ai.usage.prompt_tokens': 21,
          'gen_ai.usage.completion_tokens': 393,
          'gen_ai.usage.cache_read_input_tokens': 188086,
          'gen_ai.usage.cache_creation_input_tokens': 900,
        },
      },
    ],
  ])('%s of one Anthropic call gives the same buckets', (api, payload) => {
    expect(read('anthropic', api, payload)).toMatchObject({ status: 'ok', usage: { tokens } });
  });

  test('a framework’s parts that exceed its total are a contradiction', () => {
    const usage = { ...total, inputTokenDetails: { ...details, cacheReadTokens: 190000 } };
    expect(read('anthropic', 'ai-sdk.v7', { usage }).status).toBe('invalid_usage');
  });

  test.each(['ai-sdk.v5', 'ai-sdk.v6'])('%s: Cohere bills fewer tokens than are counted', (api) => {
    const counts = { inputTokens: 1683, outputTokens: 62, totalTokens: 1745 };
    const raw = { input_tokens: 1683, output_tokens: 62 };
    for (const usage of [counts, { ...counts, raw }]) {
      expect(read('cohere', api, { usage })).toMatchObject({
        usage: {
          tokens: { input_uncached: 1683, output: 62 },
          notes: [expect.stringMatching(/bills fewer/)],
        },
      });
    }
    const billed_units = { input_tokens: 39, output_tokens: 27 };
    expect(read('cohere', api, { usage: { ...counts, raw: { billed_units } } })).toMatchObject({
      usage: { tokens: { input_uncached: 39, output: 27 }, notes: [] },
    });
  });

  test('Langfuse: a count on neither side is noted', () => {
    const usage_details = { input: 10, output: 5, total: 15, hologram: 4 };
    expect(read('anthropic', 'langfuse', { usage_details })).toMatchObject({
      usage: {
        tokens: { input_uncached: 10, output: 5 },
        notes: [expect.stringContaining('usage_details.hologram = 4')],
      },
    });
  });

  test('a span without counts has no usage', () => {
    expect(read('openai', 'otel.genai', { attributes: { 'gen_ai.system': 'openai' } }).status).toBe(
      'no_usage',
    );
  });
});
