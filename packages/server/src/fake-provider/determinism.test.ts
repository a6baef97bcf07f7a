import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { startFakeProvider } from './index.js';

const chat = (more: object = {}) => ({
  model: 'gpt-4o',
  messages: [{ role: 'user', content: 'Where is my order?' }],
  ...more,
});
const requests: [path: string, body: object][] = [
  ['/v1/chat/completions', chat()],
  ['/v1/chat/completions', chat({ stream: true, stream_options: { include_usage: true } })],
  ['/v1/chat/completions', chat({ tools: [{ type: 'function', function: { name: 'look' } }] })],
  ['/v1/responses', { model: 'gpt-5', input: 'Why?', stream: true }],
  [
    '/v1/messages',
    {
      model: 'claude-opus-4-8',
      max_tokens: 900,
      stream: true,
      thinking: { type: 'enabled', budget_tokens: 2048 },
      messages: [{ role: 'user', content: 'Why?' }],
    },
  ],
  [
    '/v1beta/models/gemini-2.5-pro:streamGenerateContent?alt=sse',
    { contents: [{ role: 'user', parts: [{ text: 'Why?' }] }] },
  ],
];

async function ask(
  url: string,
  path: string,
  body: object,
  headers: Record<string, string> = {},
): Promise<string> {
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { authorization: 'Bearer sk-test', ...headers },
    body: JSON.stringify(body),
  });
  const own = [...response.headers].filter(([name]) => name !== 'date');
  return JSON.stringify([response.status, own, await response.text()]);
}

test('the same seed and the same requests give the same bytes', async () => {
  const run = async (seed: string): Promise<string[]> => {
    const provider = await startFakeProvider({ seed, now: () => Date.UTC(2026, 10, 1) });
    const answers: string[] = [];
    for (const [path, body] of [...requests, ...requests]) {
      answers.push(await ask(provider.url, path, body));
    }
    await provider.close();
    return answers;
  };
  const first = await run('a');
  expect(await run('a')).toEqual(first);
  expect(await run('b')).not.toEqual(first);
  expect(new Set(first).size).toBe(first.length);
});

test('x-fake-seed fixes an answer whatever happened before, on any provider, at any time', async () => {
  const one = await startFakeProvider({ seed: 'one', now: () => 1 });
  const two = await startFakeProvider({ seed: 'two', latency: 'realistic' });
  const headers = {
    'x-fake-seed': '42',
    'x-fake-output-tokens': '20',
    'x-fake-delay-ms': '1',
  };
  for (const [path, body] of requests) {
    await ask(one.url, path, body);
    const answers = await Promise.all([
      ask(one.url, path, body, headers),
      ask(two.url, path, body, headers),
      ask(two.url, path, { ...body, another_field: 'x' }, headers),
    ]);
    expect(new Set(answers).size).toBe(1);
  }
  await one.close();
  await two.close();
});

test('compressed answers hold the same bytes', async () => {
  const provider = await startFakeProvider();
  for (const [path, body] of requests) {
    const texts = await Promise.all(
      ['identity', 'gzip', 'br'].map(async (encoding) => {
        const response = await fetch(provider.url + path, {
          method: 'POST',
          headers: {
            authorization: 'Bearer sk-test',
            'x-fake-seed': '1',
            'x-fake-encoding': encoding,
          },
          body: JSON.stringify(body),
        });
        expect(response.headers.get('content-encoding')).toBe(
          encoding === 'identity' ? null : encoding,
        );
        return response.text();
      }),
    );
    expect(new Set(texts).size).toBe(1);
  }
  await provider.close();
});

test('what arrived can be looked at, without keys', async () => {
  const provider = await startFakeProvider();
  const body = chat();
  await ask(provider.url, '/openai/v1/chat/completions', body, { 'x-extra': 'yes' });
  const [request] = provider.received();
  expect(request).toMatchObject({
    method: 'POST',
    path: '/openai/v1/chat/completions',
    headers: { authorization: '(withheld)', 'x-extra': 'yes' },
    bodySha256: createHash('sha256').update(JSON.stringify(body)).digest('hex'),
  });
  await provider.close();
});
