import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startFakeProvider, type FakeProvider } from './index.js';

/** The bytes between the lines: clients and gateways split streams at them. */

let provider: FakeProvider;
beforeAll(async () => {
  provider = await startFakeProvider();
});
afterAll(() => provider.close());

async function streamed(path: string, body: object, outputTokens = 12): Promise<Response> {
  return fetch(provider.url + path, {
    method: 'POST',
    headers: {
      authorization: 'Bearer sk-test',
      'x-fake-seed': 'framing',
      'x-fake-output-tokens': String(outputTokens),
      'x-fake-reasoning-tokens': '0',
    },
    body: JSON.stringify(body),
  });
}

const messages = [{ role: 'user', content: 'Hi' }];

describe('openai', () => {
  test('chat: data lines, each ended by a blank line, then [DONE]', async () => {
    const response = await streamed('/v1/chat/completions', {
      model: 'gpt-4o',
      messages,
      stream: true,
      stream_options: { include_usage: true },
    });
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(response.headers.get('x-request-id')).toMatch(/^req_/);
    const events = (await response.text()).split('\n\n');
    expect(events.pop()).toBe('');
    expect(events.pop()).toBe('data: [DONE]');
    expect(events.every((event) => /^data: \{[^\n]*\}$/.test(event))).toBe(true);
    expect(events[0]).toMatch(
      /^data: \{"id":"chatcmpl-\w{29}","object":"chat\.completion\.chunk","created":\d+,"model":"gpt-4o-2024-08-06","service_tier":"default","system_fingerprint":"fp_\w{10}","choices":\[\{"index":0,"delta":\{"role":"assistant","content":"","refusal":null\},"logprobs":null,"finish_reason":null\}\],"usage":null,"obfuscation":"\w+"\}$/,
    );
    expect(events.at(-1)).toMatch(
      /"choices":\[\],"usage":\{"prompt_tokens":\d+,"completion_tokens":12,"total_tokens":\d+,"prompt_tokens_details":\{"cached_tokens":0,"audio_tokens":0\},"completion_tokens_details":\{"reasoning_tokens":0,"audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0\}\}\}$/,
    );
  });

  test('responses: named events without [DONE]', async () => {
    const response = await streamed('/v1/responses', {
      model: 'gpt-4.1',
      input: 'Hi',
      stream: true,
    });
    const events = (await response.text()).split('\n\n');
    expect(events.pop()).toBe('');
    for (const event of events) {
      const [, name, type] = /^event: (\S+)\ndata: \{"type":"([^"]+)".*\}$/.exec(event) ?? [];
      expect(name).toBeDefined();
      expect(type).toBe(name);
    }
    expect(events[0]).toContain('"usage":null');
    expect(events.at(-1)).toContain('"usage":{"input_tokens":');
  });

  test('from gpt-5.6 on the usage tells cache writes, before it does not', async () => {
    const usageOf = async (model: string): Promise<unknown> => {
      const response = await streamed('/v1/chat/completions', { model, messages });
      const { usage } = (await response.json()) as { usage: { prompt_tokens_details: unknown } };
      return usage.prompt_tokens_details;
    };
    expect(await usageOf('gpt-5.6-luna')).toEqual({
      cached_tokens: 0,
      cache_write_tokens: 0,
      audio_tokens: 0,
    });
    expect(await usageOf('gpt-5.5')).toEqual({ cached_tokens: 0, audio_tokens: 0 });
  });
});

test('anthropic: named events in order, a ping after the first block starts', async () => {
  const response = await streamed('/v1/messages', {
    model: 'claude-opus-4-8',
    max_tokens: 100,
    messages,
    stream: true,
  });
  expect(response.headers.get('request-id')).toMatch(/^req_/);
  const events = (await response.text()).split('\n\n');
  expect(events.pop()).toBe('');
  const names = events.map((event) => /^event: (\S+)\ndata: \{.*\}$/.exec(event)?.[1]);
  expect(names.filter((name) => name !== 'content_block_delta')).toEqual([
    'message_start',
    'content_block_start',
    'ping',
    'content_block_stop',
    'message_delta',
    'message_stop',
  ]);
  expect(events[2]).toBe('event: ping\ndata: {"type": "ping"}');
  const start = JSON.parse(events[0]!.split('data: ')[1]!) as {
    message: { usage: { output_tokens: number } };
  };
  expect(start.message.usage.output_tokens).toBeLessThanOrEqual(8);
  expect(events.at(-2)).toBe(
    'event: message_delta\ndata: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"input_tokens":12,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":12}}',
  );
});

describe('gemini', () => {
  const path = '/v1beta/models/gemini-2.5-flash:streamGenerateContent';
  const body = { contents: [{ role: 'user', parts: [{ text: 'Hi' }] }] };

  test('alt=sse: one line of data per event, ended by CRLF CRLF, usage so far in each', async () => {
    const response = await streamed(`${path}?alt=sse`, body, 120);
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const events = (await response.text()).split('\r\n\r\n');
    expect(events.pop()).toBe('');
    expect(events.length).toBeGreaterThan(1);
    expect(events[0]).toMatch(/^data: \{"candidates": \[\{"content": \{"parts": \[\{"text": "/);
    const counts = events.map(
      (event) =>
        (JSON.parse(event.slice('data: '.length)) as { usageMetadata: { totalTokenCount: number } })
          .usageMetadata.totalTokenCount,
    );
    expect(counts).toEqual([...counts].sort((a, b) => a - b));
    expect(events.at(-1)).toContain('"finishReason": "STOP"');
  });

  test('without alt=sse: elements of one array, separated by a comma on its own line', async () => {
    const response = await streamed(path, body, 120);
    expect(response.headers.get('content-type')).toBe('application/json; charset=UTF-8');
    const text = await response.text();
    expect(text.startsWith('[{\n  "candidates"')).toBe(true);
    expect(text).toContain('\n}\n,\r\n{\n');
    expect(text.endsWith('\n}\n]\n')).toBe(true);
  });
});

test('frames leave one by one when the client asks for a pause between them', async () => {
  const response = await fetch(`${provider.url}/v1/chat/completions`, {
    method: 'POST',
    headers: {
      authorization: 'Bearer sk-test',
      'x-fake-chunk-delay-ms': '10',
      'x-fake-output-tokens': '30',
    },
    body: JSON.stringify({ model: 'gpt-4o', messages, stream: true }),
  });
  const chunks: Uint8Array[] = [];
  for await (const chunk of response.body!) chunks.push(chunk);
  expect(chunks.length).toBeGreaterThan(5);
});
