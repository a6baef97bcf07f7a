import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startGatewayUnderTest, type GatewayUnderTest } from '../support/gateway.js';

let gateway: GatewayUnderTest;
let openai: OpenAI;
let anthropic: Anthropic;
let gemini: GoogleGenAI;
beforeAll(async () => {
  gateway = await startGatewayUnderTest();
  const defaultHeaders = { 'x-farthing-feature': 'search' };
  openai = new OpenAI({ baseURL: `${gateway.url}/openai/v1`, apiKey: 'sk-test', defaultHeaders });
  anthropic = new Anthropic({
    baseURL: `${gateway.url}/anthropic`,
    apiKey: 'sk-ant-test',
    defaultHeaders,
  });
  gemini = new GoogleGenAI({
    apiKey: 'test',
    httpOptions: { baseUrl: `${gateway.url}/gemini`, headers: defaultHeaders },
  });
});
afterAll(() => gateway.close());

const newest = async () => (await gateway.entries()).at(-1)!;
const messages = [{ role: 'user' as const, content: 'Say something about money.' }];

describe('the official OpenAI client', () => {
  test('gets answers, and the call is booked with its usage, cost and tags', async () => {
    const completion = await openai.chat.completions.create({ model: 'gpt-5-mini', messages });
    const entry = await newest();
    expect(entry).toMatchObject({
      provider: 'openai',
      api: 'chat.completions',
      model_requested: 'gpt-5-mini',
      model: completion.model,
      response_id: completion.id,
      outcome: 'ok',
      attempt: 1,
      tags: { feature: 'search' },
      cost: { status: 'priced' },
    });
    expect(entry.usage?.tokens.output).toBe(completion.usage?.completion_tokens);
  });

  test('streams without asking for usage sees no usage, and the call is booked all the same', async () => {
    const stream = await openai.chat.completions.create({
      model: 'gpt-5-mini',
      messages,
      stream: true,
    });
    for await (const chunk of stream) expect(chunk).not.toHaveProperty('usage');
    const entry = await newest();
    expect(entry).toMatchObject({ stream: true, outcome: 'ok', cost: { status: 'priced' } });
    expect(entry.usage?.tokens.output).toBeGreaterThan(0);
  });

  test('uses responses, their streams and embeddings', async () => {
    const response = await openai.responses.create({ model: 'gpt-5', input: 'Hello' });
    expect((await newest()).usage?.tokens.output).toBe(response.usage?.output_tokens);
    const final = await openai.responses.stream({ model: 'gpt-5', input: 'Hello' }).finalResponse();
    expect((await newest()).usage?.tokens.output).toBe(final.usage?.output_tokens);
    const vectors = await openai.embeddings.create({
      model: 'text-embedding-3-small',
      input: 'Hello',
    });
    expect(await newest()).toMatchObject({
      api: 'embeddings',
      usage: { tokens: { input_uncached: vectors.usage.prompt_tokens, output: 0 } },
    });
  });

  test('calls tools in its helpers', async () => {
    const before = (await gateway.entries()).length;
    const runner = openai.chat.completions.runTools(
      {
        model: 'gpt-5-mini',
        messages,
        tools: [
          {
            type: 'function',
            function: {
              name: 'rate',
              parameters: { type: 'object', properties: { currency: { type: 'string' } } },
              function: () => '1.08',
              parse: JSON.parse,
              description: 'The exchange rate',
            },
          },
        ],
      },
      { headers: { 'x-fake-tool-call': 'yes' }, maxRetries: 0 } as object,
    );
    await runner.done().catch(() => {});
    expect((await gateway.entries()).length).toBeGreaterThan(before);
    expect((await newest()).cost.status).toBe('priced');
  });

  test('retries: every attempt is an entry of its own', async () => {
    const before = (await gateway.entries()).length;
    await openai.chat.completions.create(
      { model: 'gpt-5-mini', messages },
      { headers: { 'x-fake-fault': '500', 'x-fake-fault-attempts': '1' } },
    );
    const entries = (await gateway.entries()).slice(before);
    expect(entries.map((entry) => [entry.attempt, entry.outcome, entry.cost.status])).toEqual([
      [1, 'error', 'not_billed'],
      [2, 'ok', 'priced'],
    ]);
  });

  test('gets the provider’s errors as its own error classes', async () => {
    const call = openai.chat.completions.create(
      { model: 'gpt-5-mini', messages },
      { headers: { 'x-fake-fault': '429' }, maxRetries: 0 },
    );
    await expect(call).rejects.toBeInstanceOf(OpenAI.RateLimitError);
    expect(await newest()).toMatchObject({
      outcome: 'error',
      http_status: 429,
      usage: null,
      cost: { usd: '0', status: 'not_billed' },
    });
    expect((await newest()).error_type).toEqual(expect.any(String));
  });

  test('lists models: passed through and recorded as unmetered', async () => {
    for await (const model of openai.models.list()) expect(model.id).toEqual(expect.any(String));
    expect(await newest()).toMatchObject({ outcome: 'unmetered', path: 'GET /v1/models' });
  });
});

describe('the official Anthropic client', () => {
  const request = { model: 'claude-sonnet-5', max_tokens: 300, messages };

  test('gets messages and streams', async () => {
    const message = await anthropic.messages.create(request);
    expect(await newest()).toMatchObject({
      provider: 'anthropic',
      api: 'messages',
      cost: { status: 'priced' },
      usage: {
        tokens: { input_uncached: message.usage.input_tokens, output: message.usage.output_tokens },
      },
    });
    const final = await anthropic.messages.stream(request).finalMessage();
    expect(await newest()).toMatchObject({
      stream: true,
      response_id: final.id,
      usage: {
        tokens: { input_uncached: final.usage.input_tokens, output: final.usage.output_tokens },
      },
    });
  });

  test('writes 5-minute and 1-hour caches and reads them', async () => {
    const text = 'A long and stable system prompt. '.repeat(600);
    const cached = (ttl: '5m' | '1h') =>
      anthropic.messages.create({
        ...request,
        system: [
          { type: 'text', text: `${ttl} ${text}`, cache_control: { type: 'ephemeral', ttl } },
        ],
      });
    for (const ttl of ['5m', '1h'] as const) {
      await cached(ttl);
      expect((await newest()).usage?.tokens[`cache_write_${ttl}`]).toBeGreaterThan(1_000);
      await cached(ttl);
      expect((await newest()).usage?.tokens.cache_read).toBeGreaterThan(1_000);
    }
  });

  test('counts tokens: passed through, unmetered and known to be free', async () => {
    const { input_tokens } = await anthropic.messages.countTokens({
      model: request.model,
      messages,
    });
    expect(input_tokens).toBeGreaterThan(0);
    expect(await newest()).toMatchObject({ outcome: 'unmetered', cost: { status: 'not_billed' } });
  });

  test('gets the provider’s errors as its own error classes', async () => {
    const call = anthropic.messages.create(request, {
      headers: { 'x-fake-fault': '529' },
      maxRetries: 0,
    });
    await expect(call).rejects.toMatchObject({ status: 529 });
    expect((await newest()).error_type).toBe('overloaded_error');
  });
});

describe('the official Gemini client', () => {
  const request = { model: 'gemini-2.5-flash', contents: 'Say something about money.' };

  test('gets content and streams', async () => {
    const answer = await gemini.models.generateContent(request);
    const entry = await newest();
    expect(entry).toMatchObject({
      provider: 'google',
      api: 'generateContent',
      cost: { status: 'priced' },
    });
    expect(entry.usage?.tokens.input_uncached).toBe(answer.usageMetadata?.promptTokenCount);
    let last;
    for await (const chunk of await gemini.models.generateContentStream(request)) last = chunk;
    const { candidatesTokenCount = 0, thoughtsTokenCount = 0 } = last?.usageMetadata ?? {};
    expect(await newest()).toMatchObject({
      stream: true,
      usage: { tokens: { output: candidatesTokenCount + thoughtsTokenCount } },
    });
  });
});
