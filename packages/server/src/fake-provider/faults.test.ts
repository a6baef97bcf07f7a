import Anthropic from '@anthropic-ai/sdk';
import { ApiError, GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startFakeProvider, type BookLine, type FakeProvider } from './index.js';

let provider: FakeProvider;
let openai: OpenAI;
let anthropic: Anthropic;
let gemini: GoogleGenAI;

beforeEach(async () => {
  provider = await startFakeProvider({ seed: 'faults' });
  openai = new OpenAI({
    apiKey: 'sk-test',
    baseURL: `${provider.url}/v1`,
    maxRetries: 0,
    logLevel: 'off',
  });
  anthropic = new Anthropic({ apiKey: 'sk-test', baseURL: provider.url, maxRetries: 0 });
  gemini = new GoogleGenAI({ apiKey: 'AIza-test', httpOptions: { baseUrl: provider.url } });
});
afterEach(() => provider.close());

const question = [{ role: 'user' as const, content: 'Where is my order?' }];
const chat = { model: 'gpt-4o', messages: question };
const metered = { ...chat, stream: true as const, stream_options: { include_usage: true } };
const message = { model: 'claude-haiku-4-5', max_tokens: 500, messages: question };

async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

async function thrown(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.unreachable('expected a rejection'),
    (error: unknown) => error,
  );
}

function onlyLine(): BookLine {
  const { lines } = provider.books.report();
  expect(lines).toHaveLength(1);
  return lines[0]!;
}

describe('errors that cost nothing', () => {
  test('the official clients see a rate limit with the time to wait', async () => {
    const headers = { 'x-fake-fault': '429' };
    const fromOpenai = await thrown(openai.chat.completions.create(chat, { headers }));
    expect(fromOpenai).toBeInstanceOf(OpenAI.RateLimitError);
    expect(fromOpenai).toMatchObject({ code: 'rate_limit_exceeded', type: 'requests' });
    expect((fromOpenai as InstanceType<typeof OpenAI.APIError>).headers?.get('retry-after')).toBe(
      '1',
    );
    const fromAnthropic = await thrown(anthropic.messages.create(message, { headers }));
    expect(fromAnthropic).toBeInstanceOf(Anthropic.RateLimitError);
    expect(fromAnthropic).toMatchObject({ error: { error: { type: 'rate_limit_error' } } });
    const fromGemini = await thrown(
      gemini.models.generateContent({
        model: 'gemini-2.5-flash',
        contents: 'Hi',
        config: { httpOptions: { headers, retryOptions: { attempts: 1 } } },
      }),
    );
    expect(fromGemini).toBeInstanceOf(ApiError);
    expect(fromGemini).toMatchObject({ status: 429 });
    const { lines, rejections } = provider.books.report();
    expect(lines).toEqual([]);
    expect(rejections).toEqual([
      { provider: 'openai', status: '429', requests: 1 },
      { provider: 'anthropic', status: '429', requests: 1 },
      { provider: 'gemini', status: '429', requests: 1 },
    ]);
  });

  test('an overloaded provider answers 529 or 503 in its own words', async () => {
    const headers = { 'x-fake-fault': '529' };
    expect(await thrown(anthropic.messages.create(message, { headers }))).toMatchObject({
      status: 529,
      error: { error: { type: 'overloaded_error', message: 'Overloaded' } },
    });
    expect(await thrown(openai.chat.completions.create(chat, { headers }))).toMatchObject({
      status: 503,
    });
  });

  test('a client that retries gets through when the fault is limited to first attempts', async () => {
    const retrying = new OpenAI({
      apiKey: 'sk-test',
      baseURL: `${provider.url}/v1`,
      maxRetries: 2,
      defaultHeaders: { 'x-fake-fault': '500', 'x-fake-fault-attempts': '1' },
    });
    const completion = await retrying.chat.completions.create(chat);
    expect(completion.choices).toHaveLength(1);
    const { totals, rejections } = provider.books.report();
    expect(totals.requests).toBe(1);
    expect(rejections).toEqual([{ provider: 'openai', status: '500', requests: 1 }]);
  });

  test('the body’s metadata can ask for a fault as well', async () => {
    const error = await thrown(
      openai.chat.completions.create({ ...chat, metadata: { 'fake-fault': '500' } }),
    );
    expect(error).toBeInstanceOf(OpenAI.InternalServerError);
  });

  test('drop hangs up without an answer', async () => {
    const error = await thrown(
      openai.chat.completions.create(chat, { headers: { 'x-fake-fault': 'drop' } }),
    );
    expect(error).toBeInstanceOf(OpenAI.APIConnectionError);
    expect(provider.books.report().lines).toEqual([]);
  });

  test('sk-invalid is refused, as is no key at all', async () => {
    const wrong = new OpenAI({ apiKey: 'sk-invalid', baseURL: `${provider.url}/v1` });
    expect(await thrown(wrong.chat.completions.create(chat))).toMatchObject({
      status: 401,
      code: 'invalid_api_key',
    });
    const keyless = await fetch(`${provider.url}/v1/messages`, { method: 'POST', body: '{}' });
    expect(keyless.status).toBe(401);
    expect(await keyless.json()).toMatchObject({ error: { type: 'authentication_error' } });
  });

  test.each([
    ['/v1/chat/completions', 'invalid_request_error'],
    ['/v1/messages', 'invalid_request_error'],
    ['/v1beta/models/gemini-2.5-flash:generateContent', 'INVALID_ARGUMENT'],
  ])('%s refuses what is not JSON, and what lacks its fields, with 400', async (path, type) => {
    for (const body of ['{"model": ', '[]', '{}', '"text"', '\u0000']) {
      const response = await fetch(provider.url + path, {
        method: 'POST',
        headers: { authorization: 'Bearer sk-test' },
        body,
      });
      expect(response.status).toBe(400);
      expect(JSON.stringify(await response.json())).toContain(type);
    }
  });

  test.each([
    ['/v1/nothing', { error: { type: 'invalid_request_error' } }],
    ['/openai/v1/nothing', { error: { type: 'invalid_request_error' } }],
    ['/anthropic/v1/nothing', { type: 'error', error: { type: 'not_found_error' } }],
    ['/v1beta/nothing', { error: { code: 404, status: 'NOT_FOUND' } }],
  ])('%s is not found, in its provider’s shape', async (path, shape) => {
    const response = await fetch(provider.url + path, { headers: { 'x-api-key': 'sk-test' } });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject(shape);
  });
});

describe('answers that break, and what they cost', () => {
  test('a cut stream is billed up to the cut', async () => {
    const stream = await openai.chat.completions.create(metered, {
      headers: { 'x-fake-fault': 'cut', 'x-fake-cut-after': '4', 'x-fake-output-tokens': '200' },
    });
    const seen: unknown[] = [];
    const error = await thrown(
      (async () => {
        for await (const chunk of stream) seen.push(chunk);
      })(),
    );
    expect(error).toBeInstanceOf(Error);
    expect(seen).toHaveLength(4);
    const line = onlyLine();
    expect(line.outcome).toBe('cut');
    expect(line.tokens.output).toBeGreaterThan(0);
    expect(line.tokens.output).toBeLessThan(20);
  });

  test('a client that leaves is billed for what was generated until then', async () => {
    const stream = await anthropic.messages.create(
      { ...message, max_tokens: 5000, stream: true },
      { headers: { 'x-fake-output-tokens': '3000', 'x-fake-chunk-delay-ms': '5' } },
    );
    let deltas = 0;
    for await (const event of stream) {
      if (event.type === 'content_block_delta' && ++deltas === 5) break;
    }
    await expect.poll(() => provider.books.report().totals.aborted_requests).toBe(1);
    const line = onlyLine();
    expect(line.outcome).toBe('aborted');
    expect(line.tokens.input_uncached).toBeGreaterThan(0);
    expect(line.tokens.output).toBeGreaterThan(0);
    expect(line.tokens.output).toBeLessThan(3000);
  });

  test('a client that leaves before a plain answer pays for its input at least', async () => {
    const signal = new AbortController();
    const pending = openai.chat.completions.create(chat, {
      signal: signal.signal,
      headers: { 'x-fake-delay-ms': '60000' },
    });
    await expect.poll(() => provider.received().length).toBe(1);
    signal.abort();
    expect(await thrown(pending)).toBeInstanceOf(OpenAI.APIUserAbortError);
    await expect.poll(() => provider.books.report().totals.aborted_requests).toBe(1);
    expect(onlyLine().tokens).toMatchObject({ output: 0 });
    expect(onlyLine().tokens.input_uncached).toBeGreaterThan(0);
  });

  test('usage that is withheld or spoilt is billed all the same, and marked as unreported', async () => {
    const withheld = await openai.chat.completions.create(chat, {
      headers: { 'x-fake-fault': 'no-usage' },
    });
    expect(withheld.usage).toBeUndefined();
    const spoilt = await anthropic.messages.create(message, {
      headers: { 'x-fake-fault': 'malformed-usage' },
    });
    expect(Number.isInteger(spoilt.usage.output_tokens) && spoilt.usage.output_tokens >= 0).toBe(
      false,
    );
    const { lines } = provider.books.report();
    expect(lines.map((line) => line.outcome)).toEqual(['unreported', 'unreported']);
    expect(lines.every((line) => line.tokens.output > 0)).toBe(true);
  });

  test('a stream without include_usage is billed and unreported, with it completed', async () => {
    await collect(await openai.chat.completions.create({ ...chat, stream: true }));
    await collect(await openai.chat.completions.create(metered));
    const { lines } = provider.books.report();
    expect(lines.map((line) => line.outcome)).toEqual(['unreported', 'completed']);
  });

  test('invalid-json gives an answer that no client can read', async () => {
    const headers = { 'x-fake-fault': 'invalid-json' };
    await thrown(openai.chat.completions.create(chat, { headers }));
    const stream = await openai.chat.completions.create(metered, { headers });
    expect(await thrown(collect(stream))).toBeInstanceOf(SyntaxError);
  });
});

test('faults at a rate strike that share of requests, the same ones for the same seed', async () => {
  const strike = async (): Promise<number[]> => {
    const own = await startFakeProvider({ seed: 5, faults: { '500': 0.2, '429': 0.1 } });
    const statuses: number[] = [];
    for (let index = 0; index < 100; index++) {
      const response = await fetch(`${own.url}/v1/embeddings`, {
        method: 'POST',
        headers: { authorization: 'Bearer sk-test' },
        body: JSON.stringify({ model: 'text-embedding-3-small', input: 'x', dimensions: 4 }),
      });
      await response.arrayBuffer();
      statuses.push(response.status);
    }
    await own.close();
    return statuses;
  };
  const first = await strike();
  expect(await strike()).toEqual(first);
  expect(first.filter((status) => status === 500).length).toBeGreaterThan(8);
  expect(first.filter((status) => status === 429).length).toBeGreaterThan(2);
  await expect(startFakeProvider({ faults: { nonsense: 1 } })).rejects.toThrow('faults.nonsense');
});
