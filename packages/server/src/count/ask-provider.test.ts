import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startFakeProvider, type FakeProvider } from '../fake-provider/index.js';
import { askProvider, type CountingProvider } from './ask-provider.js';

let fake: FakeProvider;
beforeAll(async () => {
  fake = await startFakeProvider();
});
afterAll(() => fake.close());

const families = {
  openai: { family: 'openai', basePath: '/openai', keyHeader: 'authorization' },
  anthropic: { family: 'anthropic', basePath: '/anthropic', keyHeader: 'x-api-key' },
  gemini: { family: 'gemini', basePath: '/gemini', keyHeader: 'x-goog-api-key' },
} as const;
const provider = (family: keyof typeof families, origin = fake.url): CountingProvider => ({
  name: family,
  origin,
  apiKey: 'sk-fake-1234567890',
  ...families[family],
});

/** The usage that the same request is billed with. */
async function billed(path: string, headers: Record<string, string>, body: unknown) {
  const response = await fetch(`${fake.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return (await response.json()) as {
    usage: { input_tokens: number };
    usageMetadata: { promptTokenCount: number };
  };
}

const tools = [
  { type: 'function', name: 'look', description: 'Looks it up', parameters: { type: 'object' } },
];

test('Anthropic counts what the message is billed as, and gets no member that it refuses', async () => {
  const request = {
    model: 'claude-sonnet-4-5',
    max_tokens: 100,
    stream: true,
    metadata: { user_id: 'u' },
    system: 'Be brief.',
    messages: [{ role: 'user', content: 'What is the capital of France?' }],
  };
  const headers = { 'x-api-key': 'sk-fake-1234567890', 'anthropic-version': '2023-06-01' };
  const { usage } = await billed('/anthropic/v1/messages', headers, { ...request, stream: false });
  const counted = await askProvider(provider('anthropic'), 'claude-sonnet-4-5', request);
  expect(counted).toBe(usage.input_tokens);
});

test('OpenAI counts a response, and a chat as the response that it would be', async () => {
  const headers = { authorization: 'Bearer sk-fake-1234567890' };
  const response = {
    model: 'gpt-5-mini',
    instructions: 'Be brief.',
    input: [{ role: 'user', content: 'What is the capital of France?' }],
    tools,
    store: false,
  };
  const { usage } = await billed('/openai/v1/responses', headers, response);
  expect(await askProvider(provider('openai'), 'gpt-5-mini', response)).toBe(usage.input_tokens);

  const chat = {
    messages: [
      { role: 'user', content: [{ type: 'text', text: 'Where is it?' }] },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'c', type: 'function', function: { name: 'look', arguments: '{}' } }],
      },
      { role: 'tool', tool_call_id: 'c', content: 'Over there.' },
    ],
    tools: [{ type: 'function', function: { name: 'look', parameters: { type: 'object' } } }],
    max_completion_tokens: 10,
  };
  expect(await askProvider(provider('openai'), 'gpt-5-mini', chat)).toBeGreaterThan(10);
});

test('Gemini counts contents with instructions and tools', async () => {
  const request = {
    systemInstruction: { parts: [{ text: 'Be brief.' }] },
    contents: [{ role: 'user', parts: [{ text: 'What is the capital of France?' }] }],
  };
  const path = '/gemini/v1beta/models/gemini-2.5-pro:generateContent';
  const { usageMetadata } = await billed(path, { 'x-goog-api-key': 'sk-fake-1234567890' }, request);
  const counted = await askProvider(provider('gemini'), 'gemini-2.5-pro', request);
  expect(counted).toBe(usageMetadata.promptTokenCount);
});

test.each([
  ['a provider without such an endpoint', null, { messages: [] }, /has no endpoint that counts/],
  [
    'a request in the format of another',
    'gemini',
    { messages: [] },
    /none of `contents`.*whose format it is in/,
  ],
] as const)(
  '%s cannot count, and the message says what to do',
  async (_, family, body, message) => {
    const asked = family === null ? null : provider(family);
    await expect(askProvider(asked, 'some-model', body)).rejects.toMatchObject({
      code: 'cannot_count',
      message: expect.stringMatching(message),
    });
  },
);

test('without a key the variable that would hold it is named', async () => {
  const keyless = { ...provider('anthropic'), apiKey: undefined };
  const asked = askProvider(keyless, 'claude-sonnet-4-5', { messages: [] });
  await expect(asked).rejects.toThrow(/set ANTHROPIC_API_KEY/);
});

let server: Server | undefined;
afterEach(() => void server?.close());
const answering = async (status: number, body: string, headers: Record<string, string> = {}) => {
  server = createServer((_request, response) => response.writeHead(status, headers).end(body));
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  return provider('openai', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
};
const ask = async (target: CountingProvider) => askProvider(target, 'gpt-5', { input: 'Hello' });

test('a refusal is told in the provider’s own words, without the key', async () => {
  const body = JSON.stringify({ error: { message: 'The model does not exist' } });
  const asked = ask(await answering(404, body));
  await expect(asked).rejects.toMatchObject({
    code: 'count_failed',
    message: expect.stringMatching(
      /^openai refused to count \(404\): The model does not exist\. Does openai have this model/,
    ),
  });
  await expect(asked).rejects.not.toThrow(/sk-fake/);
});

test('an answer without a number, a redirect and a closed door are no counts', async () => {
  await expect(ask(await answering(200, '{"input_tokens":-1}'))).rejects.toThrow(/without a count/);
  await expect(ask(await answering(200, 'hello'))).rejects.toThrow(/without a count/);
  const elsewhere = { location: `${fake.url}/openai/v1/responses/input_tokens` };
  await expect(ask(await answering(307, '', elsewhere))).rejects.toThrow(/could not be asked/);
  await expect(ask(provider('openai', 'http://127.0.0.1:1'))).rejects.toThrow(/could not be asked/);
});
