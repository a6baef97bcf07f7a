import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createStreamFold } from '../read-usage.js';
import type { UsageReading } from '../usage.js';

interface Stream {
  provider: string;
  api: string;
  events: object[];
  /** What the whole stream states. */
  tokens: object;
}

const chatChunk = {
  id: 'chatcmpl-a',
  object: 'chat.completion.chunk',
  model: 'gpt-4o-2024-11-20',
  service_tier: 'default',
};
const choice = (content: string, finish_reason: string | null = null) => [
  { index: 0, delta: { content }, finish_reason },
];
const response = { id: 'resp_1', object: 'response', model: 'gpt-5.1' };

const streams: Record<string, Stream> = {
  'OpenAI chat': {
    provider: 'openai',
    api: 'chat.completions',
    events: [
      { ...chatChunk, choices: choice('Hi'), usage: null },
      { ...chatChunk, choices: choice(' there'), usage: null },
      { ...chatChunk, choices: choice('', 'stop'), usage: null },
      {
        ...chatChunk,
        choices: [],
        usage: {
          prompt_tokens: 1200,
          completion_tokens: 34,
          total_tokens: 1234,
          prompt_tokens_details: { cached_tokens: 1152 },
        },
      },
    ],
    tokens: { input_uncached: 48, cache_read: 1152, output: 34 },
  },
  'Groq chat': {
    provider: 'groq',
    api: 'chat.completions',
    events: [
      { ...chatChunk, choices: choice('Hi') },
      {
        ...chatChunk,
        choices: choice('', 'stop'),
        x_groq: { usage: { prompt_tokens: 17, completion_tokens: 7, total_tokens: 24 } },
      },
      {
        ...chatChunk,
        choices: [],
        usage: { prompt_tokens: 17, completion_tokens: 7, total_tokens: 24 },
      },
    ],
    tokens: { input_uncached: 17, output: 7 },
  },
  'OpenRouter chat': {
    provider: 'openrouter',
    api: 'chat.completions',
    events: [
      { ...chatChunk, choices: choice('Hi') },
      { ...chatChunk, choices: choice('', 'stop') },
      {
        ...chatChunk,
        choices: choice(''),
        usage: { prompt_tokens: 1697, completion_tokens: 52, total_tokens: 1749, cost: 0.004 },
      },
    ],
    tokens: { input_uncached: 1697, output: 52 },
  },
  'OpenAI responses': {
    provider: 'openai',
    api: 'responses',
    events: [
      { type: 'response.created', response: { ...response, status: 'in_progress', usage: null } },
      { type: 'response.output_text.delta', delta: 'x' },
      {
        type: 'response.completed',
        response: {
          ...response,
          status: 'completed',
          usage: {
            input_tokens: 642,
            input_tokens_details: { cached_tokens: 512 },
            output_tokens: 67,
            total_tokens: 709,
          },
        },
      },
    ],
    tokens: { input_uncached: 130, cache_read: 512, output: 67 },
  },
  Anthropic: {
    provider: 'anthropic',
    api: 'messages',
    events: [
      {
        type: 'message_start',
        message: {
          id: 'msg_1',
          model: 'claude-sonnet-4-5-20250929',
          usage: {
            input_tokens: 25,
            cache_creation_input_tokens: 300,
            cache_read_input_tokens: 1500,
            cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 300 },
            output_tokens: 1,
          },
        },
      },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'x' } },
      {
        type: 'message_delta',
        delta: { stop_reason: 'end_turn' },
        usage: {
          input_tokens: null,
          output_tokens: 227,
          server_tool_use: { web_search_requests: 1 },
        },
      },
      { type: 'message_stop' },
    ],
    tokens: { input_uncached: 25, cache_read: 1500, cache_write_1h: 300, output: 227 },
  },
  Gemini: {
    provider: 'google',
    api: 'generateContent',
    events: [
      {
        modelVersion: 'gemini-3-pro-preview',
        candidates: [{ content: {} }],
        usageMetadata: { promptTokenCount: 9, thoughtsTokenCount: 100, totalTokenCount: 109 },
      },
      {
        modelVersion: 'gemini-3-pro-preview',
        candidates: [{ content: {}, finishReason: 'STOP' }],
        usageMetadata: {
          promptTokenCount: 9,
          candidatesTokenCount: 13,
          thoughtsTokenCount: 302,
          totalTokenCount: 324,
        },
      },
    ],
    tokens: { input_uncached: 9, output: 315 },
  },
  'Bedrock Converse': {
    provider: 'aws-bedrock',
    api: 'converseStream',
    events: [
      { messageStart: { role: 'assistant' } },
      { messageStop: { stopReason: 'end_turn' } },
      { metadata: { usage: { inputTokens: 51, outputTokens: 94, totalTokens: 145 } } },
    ],
    tokens: { input_uncached: 51, output: 94 },
  },
  Cohere: {
    provider: 'cohere',
    api: 'chat.v2',
    events: [
      { type: 'content-delta', delta: { message: {} } },
      {
        type: 'message-end',
        delta: { usage: { billed_units: { input_tokens: 46, output_tokens: 14 } } },
      },
    ],
    tokens: { input_uncached: 46, output: 14 },
  },
  'OpenAI Realtime': {
    provider: 'openai',
    api: 'realtime',
    events: [
      { type: 'session.created', session: { model: 'gpt-realtime' } },
      { type: 'response.output_audio.delta', delta: 'x' },
      {
        type: 'response.done',
        response: {
          id: 'resp_1',
          usage: {
            input_tokens: 700,
            input_token_details: { text_tokens: 300, audio_tokens: 400, cached_tokens: 320 },
            output_tokens: 300,
            total_tokens: 1000,
          },
        },
      },
    ],
    tokens: { input_uncached: 380, cache_read: 320, output: 300 },
  },
};

function fold(stream: Stream, events: readonly object[]): UsageReading {
  const folding = createStreamFold(stream);
  for (const event of events) folding.add(event);
  return folding.finish();
}

const cases = Object.entries(streams);

describe.each(cases)('%s stream', (_, stream) => {
  test('gives what the provider states at the end', () => {
    const reading = fold(stream, stream.events);
    expect(reading).toMatchObject({ status: 'ok', usage: { tokens: stream.tokens } });
    expect(reading).not.toHaveProperty('partial');
  });

  test('events without a marker may be skipped, but for the first', () => {
    const { markers } = createStreamFold(stream);
    const worth = stream.events.filter(
      (event, index) =>
        index === 0 || markers.some((marker) => JSON.stringify(event).includes(marker)),
    );
    expect(fold(stream, worth)).toEqual(fold(stream, stream.events));
  });

  test('events that arrive twice change nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 4 }), (times) => {
        const repeated = stream.events.flatMap((event, index) =>
          Array.from({ length: times[index % times.length] ?? 1 }, () => event),
        );
        expect(fold(stream, repeated)).toEqual(fold(stream, stream.events));
      }),
    );
  });

  test('foreign and broken events change nothing', () => {
    fc.assert(
      fc.property(
        fc.nat(stream.events.length),
        fc.oneof(fc.jsonValue(), fc.constant({ type: 'ping' }), fc.constant({ error: {} })),
        (position, foreign) => {
          const events = [...stream.events];
          events.splice(Math.max(1, position), 0, foreign as object);
          expect(fold(stream, events)).toEqual(fold(stream, stream.events));
        },
      ),
    );
  });

  test('a stream that breaks off never passes for complete', () => {
    for (let length = 0; length < stream.events.length - 1; length++) {
      const reading = fold(stream, stream.events.slice(0, length));
      const complete = fold(stream, stream.events);
      if (reading.status !== 'ok') expect(reading.status).toBe('no_usage');
      else if (reading.partial === undefined) {
        // Only what comes after the usage is missing.
        expect(reading).toEqual(complete);
      }
    }
  });

  test('finish may be asked at any time and again', () => {
    const folding = createStreamFold(stream);
    for (const event of stream.events) {
      folding.add(event);
      expect(folding.finish()).toEqual(folding.finish());
    }
    expect(folding.finish()).toEqual(fold(stream, stream.events));
  });
});

describe('what is known of a broken stream', () => {
  test('Anthropic: the input, from message_start', () => {
    const stream = streams['Anthropic'] as Stream;
    expect(fold(stream, stream.events.slice(0, 2))).toMatchObject({
      status: 'ok',
      model: 'claude-sonnet-4-5-20250929',
      response_id: 'msg_1',
      usage: { tokens: { input_uncached: 25, cache_read: 1500, output: 1 } },
      partial: expect.stringMatching(/lower bound/),
    });
  });

  test('OpenAI: nothing but the model', () => {
    const stream = streams['OpenAI chat'] as Stream;
    expect(fold(stream, stream.events.slice(0, 2))).toMatchObject({
      status: 'no_usage',
      model: 'gpt-4o-2024-11-20',
      response_id: 'chatcmpl-a',
    });
  });

  test('running usage beside unfinished choices is partial', () => {
    const stream = streams['OpenAI chat'] as Stream;
    const usage = { prompt_tokens: 9, completion_tokens: 2, total_tokens: 11 };
    expect(fold(stream, [{ ...chatChunk, choices: choice('x'), usage }])).toMatchObject({
      status: 'ok',
      partial: expect.any(String),
    });
  });
});

test.each([
  ['nothing', {}],
  ['no counts', { queue_time: 0.1 }],
])('a chunk whose usage states %s takes nothing away', (_, usage) => {
  const stream = streams['OpenAI chat'] as Stream;
  const empty = { ...chatChunk, choices: [], usage };
  expect(fold(stream, [...stream.events, empty])).toEqual(fold(stream, stream.events));
  expect(fold(stream, [...stream.events.slice(0, 2), empty])).toMatchObject({ status: 'no_usage' });
});

test('Vertex: chunks that name the kind of traffic alone state no usage', () => {
  const stream = streams['Gemini'] as Stream;
  const chunk = { candidates: [{ content: {} }], usageMetadata: { trafficType: 'ON_DEMAND' } };
  expect(fold(stream, [chunk, chunk])).toMatchObject({ status: 'no_usage' });
  const [first, last] = stream.events as [object, object];
  expect(fold(stream, [chunk, first, chunk])).toMatchObject({
    status: 'ok',
    usage: { tokens: { input_uncached: 9, output: 100 } },
    partial: expect.stringMatching(/lower bound/),
  });
  expect(fold(stream, [chunk, last])).toEqual(fold(stream, [last]));
});

test('a failed response without usage says so', () => {
  const stream = streams['OpenAI responses'] as Stream;
  const failed = {
    type: 'response.failed',
    response: { ...response, status: 'failed', usage: null },
  };
  expect(fold(stream, [failed])).toMatchObject({
    status: 'no_usage',
    reason: expect.stringMatching(/failed/),
    model: 'gpt-5.1',
  });
});

test('Anthropic: later writes without a split void the earlier split', () => {
  const stream = streams['Anthropic'] as Stream;
  const [start] = stream.events;
  const delta = {
    type: 'message_delta',
    delta: { stop_reason: 'end_turn' },
    usage: { cache_creation_input_tokens: 500, output_tokens: 9 },
  };
  expect(fold(stream, [start as object, delta])).toMatchObject({
    usage: { tokens: { cache_write_5m: 500, cache_write_1h: 0 } },
  });
});
