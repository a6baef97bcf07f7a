import { createServer } from 'node:net';
import { request } from 'node:http';
import OpenAI from 'openai';
import { afterEach, describe, expect, test } from 'vitest';
import { startGatewayUnderTest, type GatewayUnderTest } from '../support/gateway.js';

let gateway: GatewayUnderTest;
afterEach(() => gateway.close());

const chat = {
  model: 'gpt-5-mini',
  messages: [{ role: 'user', content: 'Tell me a long story.' }],
};
function post(
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
  signal?: AbortSignal,
) {
  return fetch(gateway.url + path, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: { 'content-type': 'application/json', authorization: 'Bearer sk-test', ...headers },
    ...(signal ? { signal } : {}),
  });
}

/** Reads a few chunks of a slow stream, then walks away. */
async function leaveEarly(): Promise<void> {
  const leave = new AbortController();
  const response = await post(
    '/openai/v1/chat/completions',
    { ...chat, stream: true },
    { 'x-fake-chunk-delay-ms': '20', 'x-fake-output-tokens': '150' },
    leave.signal,
  );
  const reader = response.body!.getReader();
  for (let index = 0; index < 8; index++) await reader.read();
  leave.abort();
}

describe('a client that leaves', () => {
  test('has its call aborted and booked at the tokens seen, marked as an estimate', async () => {
    gateway = await startGatewayUnderTest();
    await leaveEarly();
    await expect.poll(async () => (await gateway.entries()).length).toBe(1);
    const [entry] = await gateway.entries();
    expect(entry).toMatchObject({
      outcome: 'aborted',
      usage: { estimated: true },
      cost: { status: 'partial', reason: expect.stringContaining('the client left') },
    });
    expect(entry!.usage!.tokens.output).toBeGreaterThan(3);
    expect(entry!.usage!.tokens.output).toBeLessThan(150);
  });

  test('can have its call drained and booked exactly', async () => {
    gateway = await startGatewayUnderTest({ gateway: { on_client_abort: 'drain' } });
    await leaveEarly();
    await expect.poll(async () => (await gateway.entries()).length, { timeout: 10_000 }).toBe(1);
    const [entry] = await gateway.entries();
    expect(entry).toMatchObject({
      outcome: 'aborted',
      usage: { estimated: false, tokens: { output: 150 } },
      cost: { status: 'priced' },
    });
  });

  test('before any answer, is booked at the whole estimate', async () => {
    gateway = await startGatewayUnderTest();
    const leave = new AbortController();
    const call = post(
      '/openai/v1/chat/completions',
      { ...chat, max_completion_tokens: 77 },
      { 'x-fake-delay-ms': '5000' },
      leave.signal,
    );
    setTimeout(() => leave.abort(), 200);
    await expect(call).rejects.toThrow();
    await expect.poll(async () => (await gateway.entries()).length).toBe(1);
    const [entry] = await gateway.entries();
    expect(entry).toMatchObject({
      outcome: 'aborted',
      http_status: null,
      usage: { estimated: true, tokens: { output: 77 } },
    });
  });
});

describe('a provider that fails', () => {
  test('in the middle of a stream: the client sees the break, the tokens seen are booked', async () => {
    gateway = await startGatewayUnderTest();
    const response = await post(
      '/openai/v1/chat/completions',
      { ...chat, stream: true },
      { 'x-fake-fault': 'cut', 'x-fake-cut-after': '10' },
    );
    await expect(response.text()).rejects.toThrow();
    const entry = await gateway.entryOf(response);
    expect(entry).toMatchObject({ outcome: 'interrupted', cost: { status: 'partial' } });
    expect(entry.usage?.tokens.output).toBeGreaterThanOrEqual(5);
  });

  test('in the middle of an Anthropic stream: the input it had stated is booked exactly', async () => {
    gateway = await startGatewayUnderTest();
    const response = await post(
      '/anthropic/v1/messages',
      { ...chat, model: 'claude-sonnet-5', max_tokens: 200, stream: true },
      {
        'x-fake-fault': 'cut',
        'x-fake-cut-after': '12',
        'x-fake-input-tokens': '4321',
        'x-api-key': 'k',
      },
    );
    await expect(response.text()).rejects.toThrow();
    const entry = await gateway.entryOf(response);
    expect(entry).toMatchObject({
      outcome: 'interrupted',
      usage: { tokens: { input_uncached: 4321 } },
    });
  });

  test('without an answer: the client gets a readable 502, the attempt is on record and costs nothing', async () => {
    gateway = await startGatewayUnderTest();
    for (const [path, headers] of [
      ['/openai/v1/chat/completions', { 'x-fake-fault': 'drop' }],
      ['/nowhere/v1/chat/completions', {}],
    ] as const) {
      const response = await post(path, chat, headers);
      expect(response.status).toBe(502);
      const { error } = (await response.json()) as { error: { message: string; code: string } };
      expect(error.code).toBe('provider_unreachable');
      expect(error.message).toMatch(
        /could not get an answer from (openai|nowhere) at http.*base_url/,
      );
      expect(await gateway.entryOf(response)).toMatchObject({
        outcome: 'error',
        cost: { usd: '0', status: 'not_billed' },
      });
    }
  });

  test('to state its usage, or contradicts itself: cost null, with the reason, never zero', async () => {
    gateway = await startGatewayUnderTest();
    const none = await post('/openai/v1/chat/completions', chat, { 'x-fake-fault': 'no-usage' });
    expect(none.ok).toBe(true);
    await none.text();
    expect((await gateway.entryOf(none)).cost).toMatchObject({ usd: null, status: 'no_usage' });
    const wrong = await post('/openai/v1/chat/completions', chat, {
      'x-fake-fault': 'malformed-usage',
    });
    await wrong.text();
    expect((await gateway.entryOf(wrong)).cost).toMatchObject({
      usd: null,
      status: 'invalid_usage',
    });
  });

  test('silently for too long is given up with a 504', async () => {
    gateway = await startGatewayUnderTest({ gateway: { upstream_timeout_ms: 1_000 } });
    const response = await post('/openai/v1/chat/completions', chat, { 'x-fake-delay-ms': '8000' });
    expect(response.status).toBe(504);
    await response.text();
    expect(await gateway.entryOf(response)).toMatchObject({
      outcome: 'error',
      error_type: 'provider_timeout',
    });
  });
});

describe('bad input', () => {
  test('JSON that is not: the provider’s own answer, and a record of it', async () => {
    gateway = await startGatewayUnderTest();
    const response = await post('/openai/v1/chat/completions', '{"model": "gpt-5", ');
    expect(response.status).toBe(400);
    await response.text();
    expect(await gateway.entryOf(response)).toMatchObject({
      outcome: 'error',
      http_status: 400,
      model: null,
    });
  });

  test('a body over the limit is refused in the API’s own shape', async () => {
    gateway = await startGatewayUnderTest({ gateway: { max_body_bytes: 2_000 } });
    const client = new OpenAI({ baseURL: `${gateway.url}/openai/v1`, apiKey: 'k', maxRetries: 0 });
    const call = client.chat.completions.create({
      model: 'm',
      messages: [{ role: 'user', content: 'x'.repeat(3_000) }],
    });
    await expect(call).rejects.toMatchObject({ status: 413, code: 'body_too_large' });
    expect(await gateway.entries()).toEqual([]);
  });

  test('headers over the limit are refused with 431 and a reason', async () => {
    gateway = await startGatewayUnderTest();
    const answer = await new Promise<{ status: number; text: string }>((resolve, reject) => {
      const outgoing = request(
        `${gateway.url}/openai/v1/models`,
        { headers: { 'x-farthing-tags': 'x'.repeat(70_000) } },
        (response) => {
          let text = '';
          response.on('data', (chunk: Buffer) => (text += chunk.toString()));
          response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
        },
      );
      outgoing.on('error', reject);
      outgoing.end();
    });
    expect(answer.status).toBe(431);
    expect(answer.text).toContain('larger than 65536 bytes');
  });

  test('a tag over the limit is cut, the caller is told, the call goes on', async () => {
    gateway = await startGatewayUnderTest();
    const response = await post('/openai/v1/chat/completions', chat, {
      'x-farthing-feature': 'f'.repeat(300),
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('x-farthing-warning')).toBe(
      'tag "feature" cut to 256 of its 300 characters',
    );
    await response.text();
    expect((await gateway.entryOf(response)).tags.feature).toHaveLength(256);
  });

  test('an unknown path says what exists', async () => {
    gateway = await startGatewayUnderTest();
    const response = await post('/opnai/v1/chat/completions', chat);
    expect(response.status).toBe(404);
    expect(await response.text()).toContain('/openai/…, /anthropic/…, /gemini/…');
  });

  test('bytes that are not HTTP get a 400', async () => {
    gateway = await startGatewayUnderTest();
    const { connect } = await import('node:net');
    const text = await new Promise<string>((resolve) => {
      const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1', () =>
        socket.write('\u0016\u0003\u0001 what\r\n\r\n'),
      );
      let received = '';
      socket.on('data', (chunk: Buffer) => (received += chunk.toString()));
      socket.on('close', () => resolve(received));
    });
    expect(text).toMatch(/^HTTP\/1\.1 400/);
  });

  test('a port in use is named, with the way out', async () => {
    const blocker = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => blocker.once('listening', resolve));
    const { port } = blocker.address() as { port: number };
    gateway = await startGatewayUnderTest();
    await expect(startGatewayUnderTest({ gateway: { port } })).rejects.toThrow(
      new RegExp(`Port ${port} is in use.*gateway\\.port`),
    );
    blocker.close();
  });
});

describe('stopping', () => {
  test('lets calls in flight finish and does not wait for connections without one', async () => {
    gateway = await startGatewayUnderTest();
    const { connect } = await import('node:net');
    const unused = connect(Number(new URL(gateway.url).port), '127.0.0.1');
    await new Promise((resolve) => unused.once('connect', resolve));
    const call = post(
      '/openai/v1/chat/completions',
      { ...chat, stream: true },
      { 'x-fake-chunk-delay-ms': '10', 'x-fake-output-tokens': '40' },
    );
    const response = await call;
    const stopped = gateway.stop();
    expect((await response.text()).endsWith('data: [DONE]\n\n')).toBe(true);
    await stopped;
    expect((await gateway.entryOf(response)).outcome).toBe('ok');
  });
});

describe('privacy', () => {
  test('neither prompt, answer, key nor user id reaches the disk; users become pseudonyms', async () => {
    gateway = await startGatewayUnderTest();
    const response = await post(
      '/openai/v1/chat/completions',
      {
        ...chat,
        user: 'jane@example.com',
        messages: [{ role: 'user', content: 'my secret prompt' }],
        metadata: { feature: 'f', note: 'private note' },
      },
      { authorization: 'Bearer sk-very-secret' },
    );
    const answer = (await response.json()) as { choices: { message: { content: string } }[] };
    const entry = await gateway.entryOf(response);
    expect(entry.tags).toEqual({ user: 'pseudonym-of-jane@example.com', feature: 'f' });
    const written = JSON.stringify([entry, await gateway.opened()]).replaceAll(
      'pseudonym-of-jane@example.com',
      '',
    );
    for (const secret of [
      'secret prompt',
      'sk-very-secret',
      'jane@',
      'private note',
      answer.choices[0]!.message.content.slice(0, 40),
    ]) {
      expect(written).not.toContain(secret);
    }
  });

  test('our headers do not reach the provider; keys pass, or come from the environment', async () => {
    gateway = await startGatewayUnderTest({
      environment: { OPENAI_API_KEY: 'sk-env' },
      tags: { defaults: { environment: 'test' } },
    });
    const passed = await post('/openai/v1/chat/completions', chat, {
      'x-farthing-feature': 'f',
      'x-own': 'kept',
    });
    await passed.text();
    const placeholder = await post('/openai/v1/chat/completions', chat, {
      authorization: 'Bearer farthing',
    });
    await placeholder.text();
    const received = JSON.stringify(gateway.provider.received());
    expect(received).not.toContain('x-farthing');
    const keys = gateway.provider.books.report();
    expect(JSON.stringify(keys)).not.toContain('sk-env');
    expect((await gateway.entryOf(passed)).tags).toEqual({ feature: 'f', environment: 'test' });
    expect((await gateway.entryOf(placeholder)).outcome).toBe('ok');
  });
});
