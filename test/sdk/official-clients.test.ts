import Anthropic from '@anthropic-ai/sdk';
import { Farthing, memorySink, withTags, type Entry } from '@farthing/sdk';
import { expectTypeOf } from 'expect-type';
import OpenAI, { AzureOpenAI, RateLimitError, toFile } from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  startFakeProvider,
  type FakeProvider,
} from '../../packages/server/src/fake-provider/index.js';

let provider: FakeProvider;
const sink = memorySink();
const farthing = new Farthing({ sinks: [sink], users: 'plain' });
let openai: OpenAI;
let anthropic: Anthropic;

beforeAll(async () => {
  provider = await startFakeProvider({ seed: 'sdk' });
  openai = farthing.meter(
    new OpenAI({ baseURL: `${provider.url}/v1`, apiKey: 'sk-x', maxRetries: 0 }),
    { feature: 'clients' },
  );
  anthropic = farthing.meter(
    new Anthropic({ baseURL: provider.url, apiKey: 'sk-ant', maxRetries: 0 }),
  );
});
afterAll(() => provider.close());
beforeEach(() => sink.clear());

const model = 'gpt-5-mini';
const messages = [{ role: 'user' as const, content: 'What is due?' }];
const short = { headers: { 'x-fake-output-tokens': '20' } };

function only(): Entry {
  expect(sink.entries).toHaveLength(1);
  return sink.entries[0]!;
}

test('a metered client has the exact type of the client, and is one', () => {
  expectTypeOf(farthing.meter(new OpenAI({ apiKey: 'k' }))).toEqualTypeOf<OpenAI>();
  expectTypeOf(farthing.meter(new Anthropic({ apiKey: 'k' }))).toEqualTypeOf<Anthropic>();
  expect(openai).toBeInstanceOf(OpenAI);
  expect(anthropic).toBeInstanceOf(Anthropic);
});

describe('openai', () => {
  test('a call', async () => {
    const answer = await openai.chat.completions.create({ model, messages }, short);
    expect(only()).toMatchObject({
      source: 'sdk',
      provider: 'openai',
      api: 'chat.completions',
      stream: false,
      model_requested: model,
      model: answer.model,
      response_id: answer.id,
      outcome: 'ok',
      http_status: 200,
      attempt: 1,
      usage: { tokens: { output: answer.usage!.completion_tokens } },
      cost: { status: 'priced' },
      tags: { feature: 'clients' },
    });
  });

  test('a stream that did not ask for its usage is booked, and shows none to its caller', async () => {
    const stream = await openai.chat.completions.create({ model, messages, stream: true }, short);
    const chunks = [];
    for await (const chunk of stream) chunks.push(chunk);
    expect(chunks.length).toBeGreaterThan(2);
    expect(chunks.every((chunk) => !('usage' in chunk) && chunk.choices.length > 0)).toBe(true);
    expect(only()).toMatchObject({ stream: true, outcome: 'ok', cost: { status: 'priced' } });
  });

  test('a stream that asked for its usage gets it', async () => {
    const stream = await openai.chat.completions.create(
      { model, messages, stream: true, stream_options: { include_usage: true } },
      short,
    );
    let tokens = 0;
    for await (const chunk of stream) tokens = chunk.usage?.completion_tokens ?? tokens;
    expect(tokens).toBeGreaterThan(0);
    expect(only().usage?.tokens.output).toBe(tokens);
  });

  test('the helpers: stream, parse, runTools, withResponse, asResponse', async () => {
    await openai.chat.completions.stream({ model, messages }, short).finalChatCompletion();
    const { data, response } = await openai.chat.completions
      .create({ model, messages }, short)
      .withResponse();
    expect(response.url).toBe(`${provider.url}/v1/chat/completions`);
    expect(data.id).toBe(sink.entries[1]!.response_id);
    const bare = await openai.chat.completions.create({ model, messages }, short).asResponse();
    expect(((await bare.json()) as { id: string }).id).toMatch(/^chatcmpl-/);
    await openai.responses.parse({ model, input: 'x' }, short);
    await openai.responses.stream({ model, input: 'x' }, short).finalResponse();
    expect(sink.entries.map(({ api, stream, outcome }) => [api, stream, outcome])).toEqual([
      ['chat.completions', true, 'ok'],
      ['chat.completions', false, 'ok'],
      ['chat.completions', false, 'ok'],
      ['responses', false, 'ok'],
      ['responses', true, 'ok'],
    ]);
    expect(sink.entries.every(({ cost }) => cost.status === 'priced')).toBe(true);
  });

  test('runTools books every turn of its loop', async () => {
    let uses = 0;
    const runner = openai.chat.completions.runTools(
      {
        model,
        messages,
        tools: [
          {
            type: 'function',
            function: {
              name: 'due',
              description: 'What is due',
              parameters: { type: 'object', properties: {} },
              function: () => `${++uses} invoices`,
            },
          },
        ],
      },
      { ...short, maxChatCompletions: 3 },
    );
    await runner.done();
    expect(sink.entries.length).toBeGreaterThanOrEqual(1);
    expect(sink.entries.length).toBe(
      runner.messages.filter(({ role }) => role === 'assistant').length,
    );
  });

  test('embeddings, files in forms, and what is no call of a model', async () => {
    await openai.embeddings.create({ model: 'text-embedding-3-small', input: 'x' });
    await openai.audio.transcriptions.create({
      model: 'gpt-4o-mini-transcribe',
      file: await toFile(Buffer.alloc(32_000), 'speech.wav'),
    });
    await openai.models.list();
    expect(sink.entries.map(({ api, model: used, cost }) => [api, used, cost.status])).toEqual([
      ['embeddings', 'text-embedding-3-small', 'priced'],
      ['audio.transcriptions', 'gpt-4o-mini-transcribe', 'priced'],
    ]);
  });

  test('every attempt is an entry: the failed one costs nothing', async () => {
    const patient = openai.withOptions({ maxRetries: 1 });
    const failing = { headers: { 'x-fake-fault': '429' } };
    await expect(
      patient.chat.completions.create({ model, messages }, failing),
    ).rejects.toBeInstanceOf(RateLimitError);
    expect(
      sink.entries.map(({ attempt, outcome, http_status, cost }) => [
        attempt,
        outcome,
        http_status,
        cost.usd,
      ]),
    ).toEqual([
      [1, 'error', 429, '0'],
      [2, 'error', 429, '0'],
    ]);
    expect(sink.entries[1]!.error_type).toBe('rate_limit_exceeded');
  });

  test('a stream that is left early is booked at what was seen', async () => {
    const stream = await openai.chat.completions.create(
      { model, messages, stream: true },
      { headers: { 'x-fake-output-tokens': '400' } },
    );
    let seen = 0;
    for await (const _ of stream) if (++seen === 20) break;
    expect(only()).toMatchObject({
      outcome: 'aborted',
      stream: true,
      usage: { estimated: true },
      cost: { status: 'partial', reason: expect.stringContaining('estimated from what was seen') },
    });
    const { output } = sink.entries[0]!.usage!.tokens;
    expect(output).toBeGreaterThan(0);
    expect(output).toBeLessThan(400);
  });

  test('a call that is cancelled before its answer is booked at its estimate', async () => {
    const controller = new AbortController();
    const call = openai.chat.completions.create(
      { model, messages, max_completion_tokens: 10 },
      { signal: controller.signal, headers: { 'x-fake-delay-ms': '20000' } },
    );
    setTimeout(() => controller.abort(), 20);
    await expect(call).rejects.toThrow(/abort/i);
    expect(only()).toMatchObject({
      outcome: 'aborted',
      http_status: null,
      usage: { estimated: true },
    });
  });

  test('a provider that cannot be reached costs nothing', async () => {
    const nowhere = farthing.meter(
      new OpenAI({ baseURL: 'http://127.0.0.1:9/v1', apiKey: 'k', maxRetries: 0 }),
    );
    await expect(nowhere.chat.completions.create({ model, messages })).rejects.toThrow();
    expect(only()).toMatchObject({
      outcome: 'error',
      error_type: 'provider_unreachable',
      cost: { usd: '0', status: 'not_billed' },
    });
  });

  test('a stream that breaks off is booked as interrupted', async () => {
    const stream = await openai.chat.completions.create(
      { model, messages, stream: true },
      { headers: { 'x-fake-fault': 'cut', 'x-fake-cut-after': '3' } },
    );
    await expect(
      (async () => {
        for await (const chunk of stream) void chunk;
      })(),
    ).rejects.toThrow();
    expect(only()).toMatchObject({ outcome: 'interrupted', usage: { estimated: true } });
  });

  test('Azure’s client names a deployment in the path', async () => {
    const urls: string[] = [];
    const azure = farthing.meter(
      new AzureOpenAI({
        azureADTokenProvider: () => Promise.resolve('token'),
        apiVersion: '2024-10-21',
        endpoint: 'https://acme.openai.azure.com',
        deployment: 'gpt-5-mini',
        maxRetries: 0,
        fetch: (url, init) => {
          urls.push(`${String(url)} ${new Headers(init?.headers).get('authorization')}`);
          return fetch(`${provider.url}/v1/chat/completions`, init);
        },
      }),
    );
    await azure.chat.completions.create({ model: 'whatever', messages }, short);
    expect(urls).toEqual([
      'https://acme.openai.azure.com/openai/deployments/gpt-5-mini/chat/completions?api-version=2024-10-21 Bearer token',
    ]);
    expect(only()).toMatchObject({ provider: 'azure', model_requested: 'gpt-5-mini' });
  });
});

describe('anthropic', () => {
  const request = { model: 'claude-haiku-4-5', max_tokens: 50, messages };

  test('calls, streams and helpers', async () => {
    const message = await anthropic.messages.create(request, short);
    await anthropic.messages.stream(request, short).finalMessage();
    for await (const event of await anthropic.messages.create({ ...request, stream: true }, short))
      void event;
    expect(
      sink.entries.map(({ api, stream, outcome, cost }) => [api, stream, outcome, cost.status]),
    ).toEqual([
      ['messages', false, 'ok', 'priced'],
      ['messages', true, 'ok', 'priced'],
      ['messages', true, 'ok', 'priced'],
    ]);
    expect(sink.entries[0]!.response_id).toBe(message.id);
  });

  test('a stream that is aborted keeps what the provider had stated', async () => {
    const stream = anthropic.messages.stream(
      { ...request, max_tokens: 500 },
      { headers: { 'x-fake-output-tokens': '400', 'x-fake-chunk-delay-ms': '2' } },
    );
    await expect(
      (async () => {
        let seen = 0;
        for await (const event of stream) {
          void event;
          if (++seen === 10) stream.abort();
        }
      })(),
    ).rejects.toThrow();
    expect(only()).toMatchObject({ outcome: 'aborted', usage: { estimated: true } });
    expect(only().usage!.tokens.input_uncached).toBeGreaterThan(0);
  });
});

describe('tags', () => {
  test('of the call win over those of the scope, the body and the client', async () => {
    await withTags({ feature: 'scope', user: 'scope', tenant: 't' }, () =>
      openai.chat.completions.create(
        { model, messages, user: 'body' },
        { headers: { 'x-farthing-feature': 'call', 'x-farthing-tags': 'team=billing' } },
      ),
    );
    expect(only().tags).toEqual({
      feature: 'call',
      user: 'scope',
      tenant: 't',
      custom: { team: 'billing' },
    });
  });
});
