import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startGatewayUnderTest, type GatewayUnderTest } from '../support/gateway.js';

let gateway: GatewayUnderTest;
beforeAll(async () => {
  gateway = await startGatewayUnderTest();
});
afterAll(() => gateway.close());

const prompt = 'Which of our customers asked for a refund — and why? '.repeat(20);
const tool = {
  name: 'look_up',
  description: 'Looks up',
  parameters: { type: 'object', properties: { id: { type: 'string' } } },
};
const chat = { model: 'gpt-5-mini', messages: [{ role: 'user', content: prompt }] };
const messages = {
  model: 'claude-sonnet-5',
  max_tokens: 400,
  messages: [{ role: 'user', content: prompt }],
};
const contents = { contents: [{ role: 'user', parts: [{ text: prompt }] }] };

/** Every API, plain and streamed, with tools, errors and compressed answers. */
const requests: [name: string, path: string, body: object, headers?: Record<string, string>][] = [
  ['chat', '/openai/v1/chat/completions', chat],
  ['chat on the bare path', '/v1/chat/completions', chat],
  [
    'chat with tools',
    '/openai/v1/chat/completions',
    { ...chat, tools: [{ type: 'function', function: tool }] },
    { 'x-fake-tool-call': 'yes' },
  ],
  [
    'chat stream with usage',
    '/openai/v1/chat/completions',
    { ...chat, stream: true, stream_options: { include_usage: true } },
  ],
  ['chat stream without usage', '/openai/v1/chat/completions', { ...chat, stream: true }],
  [
    'chat stream that declines usage',
    '/openai/v1/chat/completions',
    { ...chat, stream: true, stream_options: { include_usage: false } },
  ],
  [
    'chat stream with tools',
    '/openai/v1/chat/completions',
    { ...chat, stream: true, tools: [{ type: 'function', function: tool }] },
    { 'x-fake-tool-call': 'yes' },
  ],
  ['chat, compressed', '/openai/v1/chat/completions', chat, { 'x-fake-encoding': 'gzip' }],
  [
    'chat stream with usage, compressed',
    '/openai/v1/chat/completions',
    { ...chat, stream: true, stream_options: { include_usage: true } },
    { 'x-fake-encoding': 'br' },
  ],
  ['responses', '/openai/v1/responses', { model: 'gpt-5', input: prompt }],
  ['responses stream', '/openai/v1/responses', { model: 'gpt-5', input: prompt, stream: true }],
  [
    'embeddings',
    '/openai/v1/embeddings',
    { model: 'text-embedding-3-small', input: [prompt, 'x'] },
  ],
  ['messages', '/anthropic/v1/messages', messages],
  ['messages stream', '/anthropic/v1/messages', { ...messages, stream: true }],
  ['generateContent', '/gemini/v1beta/models/gemini-2.5-flash:generateContent', contents],
  [
    'streamGenerateContent as events',
    '/gemini/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse',
    contents,
  ],
  [
    'streamGenerateContent as an array',
    '/gemini/v1beta/models/gemini-2.5-flash:streamGenerateContent',
    contents,
  ],
  ['a compatible provider', '/compatible/v1/chat/completions', chat],
  ['completions', '/openai/v1/completions', { model: 'gpt-3.5-turbo-instruct', prompt }],
  [
    'completions stream without usage',
    '/openai/v1/completions',
    { model: 'gpt-3.5-turbo-instruct', prompt, stream: true },
  ],
  ['images', '/openai/v1/images/generations', { model: 'gpt-image-1', prompt, n: 3 }],
  [
    'images stream, compressed',
    '/openai/v1/images/generations',
    { model: 'gpt-image-1', prompt, stream: true },
    { 'x-fake-encoding': 'gzip' },
  ],
  [
    'speech as events',
    '/openai/v1/audio/speech',
    { model: 'gpt-4o-mini-tts', input: prompt, voice: 'alloy', stream_format: 'sse' },
  ],
  ['a rate limit', '/openai/v1/chat/completions', chat, { 'x-fake-fault': '429' }],
  ['an overload', '/anthropic/v1/messages', messages, { 'x-fake-fault': '529' }],
  [
    'a server error',
    '/gemini/v1beta/models/gemini-2.5-flash:generateContent',
    contents,
    { 'x-fake-fault': '500' },
  ],
  [
    'an answer that is not JSON',
    '/openai/v1/chat/completions',
    chat,
    { 'x-fake-fault': 'invalid-json' },
  ],
];

describe('what the caller sees', () => {
  test.each(requests)(
    '%s: equals the direct call, byte for byte',
    async (_name, path, body, headers) => {
      const init = {
        method: 'POST',
        body: JSON.stringify(body),
        headers: {
          'content-type': 'application/json',
          authorization: 'Bearer sk-test',
          'x-api-key': 'sk-test',
          'x-fake-seed': '7',
          'accept-encoding': 'identity',
          ...headers,
        },
      };
      const directPath = path.replace(/^\/(openai|anthropic|gemini|compatible)/, '');
      const direct = await fetch(gateway.provider.url + directPath, init);
      const through = await fetch(gateway.url + path, init);
      expect(through.status).toBe(direct.status);
      const expected = Buffer.from(await direct.arrayBuffer());
      expect(Buffer.from(await through.arrayBuffer()).toString()).toBe(expected.toString());
      const ours = new Set(['x-farthing-call-id']);
      // Hop-by-hop headers, and the length of a body from which a chunk was withheld, may differ.
      const connection = new Set(['connection', 'keep-alive', 'transfer-encoding', 'date']);
      const comparable = (response: Response) =>
        Object.fromEntries(
          [...response.headers].filter(([name]) => !ours.has(name) && !connection.has(name)),
        );
      expect(comparable(through)).toEqual(comparable(direct));
      const entry = await gateway.entryOf(through);
      expect(entry.http_status).toBe(direct.status);
      if (direct.ok && !_name.includes('not JSON'))
        expect(entry.usage?.tokens.input_uncached).toBeGreaterThan(0);
    },
  );
});
