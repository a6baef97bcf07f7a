import { createOpenAI } from '@ai-sdk/openai';
import { Farthing, memorySink } from '@farthing/sdk';
import { farthingEmbeddingMiddleware, farthingMiddleware } from '@farthing/sdk/ai';
import { farthingHandler } from '@farthing/sdk/langchain';
import { openTelemetrySink } from '@farthing/sdk/opentelemetry';
import { ChatOpenAI } from '@langchain/openai';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node';
import { embed, generateText, streamText, wrapEmbeddingModel, wrapLanguageModel } from 'ai';
import { expectTypeOf } from 'expect-type';
import OpenAI, { RateLimitError } from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  startFakeProvider,
  type FakeProvider,
} from '../../packages/server/src/fake-provider/index.js';

let provider: FakeProvider;
const sink = memorySink();
const farthing = new Farthing({ sinks: [sink] });
const headers = { 'x-fake-output-tokens': '30' };

beforeAll(async () => {
  provider = await startFakeProvider({ seed: 'frameworks' });
});
afterAll(() => provider.close());
beforeEach(() => sink.clear());

/** What the provider billed for the model, by its own meter. */
const billed = (model: string) =>
  provider.books.report().lines.find((line) => line.model.startsWith(model))?.usd;
describe('AI SDK', () => {
  const options = { farthing, tags: { feature: 'ai' } };

  test('generateText and streamText are booked at what the provider bills', async () => {
    const openai = createOpenAI({ baseURL: `${provider.url}/v1`, apiKey: 'k', headers });
    const model = wrapLanguageModel({
      model: openai.chat('gpt-4o-mini'),
      middleware: farthingMiddleware(options),
    });
    const { response } = await generateText({ model, prompt: 'hello' });
    expect(sink.entries).toMatchObject([
      {
        provider: 'openai',
        stream: false,
        model: response.modelId,
        response_id: response.id,
        outcome: 'ok',
        cost: { status: 'priced', usd: billed('gpt-4o-mini') },
        tags: { feature: 'ai' },
      },
    ]);
    const { textStream } = streamText({ model, prompt: 'hello' });
    for await (const text of textStream) void text;
    expect(sink.entries[1]).toMatchObject({
      stream: true,
      outcome: 'ok',
      cost: { status: 'priced' },
    });
    expect(sink.entries[1]!.usage!.tokens.output).toBe(30);
  });

  test('a stream that is left is booked at what was seen', async () => {
    const openai = createOpenAI({ baseURL: `${provider.url}/v1`, apiKey: 'k' });
    const model = wrapLanguageModel({
      model: openai.chat('gpt-4o-mini'),
      middleware: farthingMiddleware(options),
    });
    const abort = new AbortController();
    const { textStream } = streamText({
      model,
      prompt: 'hello',
      abortSignal: abort.signal,
      headers: { 'x-fake-output-tokens': '400', 'x-fake-chunk-delay-ms': '2' },
      onError: () => {},
    });
    let seen = 0;
    for await (const text of textStream) {
      void text;
      if (++seen === 10) abort.abort();
    }
    await expect.poll(() => sink.entries.length).toBe(1);
    expect(sink.entries[0]).toMatchObject({ outcome: 'aborted', usage: { estimated: true } });
  });

  test('errors are booked with the provider’s status', async () => {
    const openai = createOpenAI({
      baseURL: `${provider.url}/v1`,
      apiKey: 'k',
      headers: { 'x-fake-fault': '429' },
    });
    const model = wrapLanguageModel({
      model: openai.chat('gpt-4o-mini'),
      middleware: farthingMiddleware(options),
    });
    await expect(generateText({ model, prompt: 'x', maxRetries: 0 })).rejects.toThrow();
    expect(sink.entries).toMatchObject([
      { outcome: 'error', http_status: 429, cost: { usd: '0' } },
    ]);
  });

  test('embeddings', async () => {
    const openai = createOpenAI({ baseURL: `${provider.url}/v1`, apiKey: 'k' });
    const model = wrapEmbeddingModel({
      model: openai.textEmbeddingModel('text-embedding-3-small'),
      middleware: farthingEmbeddingMiddleware(options),
    });
    await embed({ model, value: 'hello' });
    expect(sink.entries).toMatchObject([
      { api: 'embeddings', cost: { usd: billed('text-embedding-3-small') } },
    ]);
  });

  test('a wrapped model has the type of a model', () => {
    const openai = createOpenAI({ apiKey: 'k' });
    const bare = wrapLanguageModel({ model: openai.chat('gpt-4o'), middleware: [] });
    const model = wrapLanguageModel({
      model: openai.chat('gpt-4o'),
      middleware: farthingMiddleware(),
    });
    expectTypeOf(model).toEqualTypeOf(bare);
  });
});

describe('AI SDK 7: version 4 of its specification', () => {
  // Its packages ask for Node 22. What a model and a wrapper exchange with a middleware is said here as the
  // specification has it: https://github.com/vercel/ai/tree/main/packages/provider/src/language-model/v4
  const usage = {
    inputTokens: { total: 1000, noCache: 600, cacheRead: 400, cacheWrite: undefined },
    outputTokens: { total: 30, text: 20, reasoning: 10 },
  };
  interface Result {
    content: { type: 'text'; text: string }[];
    finishReason: { unified: 'stop'; raw: string };
    usage: typeof usage;
    response: { id: string; modelId: string };
    warnings: [];
  }
  type Part =
    | { type: 'text-delta'; id: string; delta: string }
    | { type: 'response-metadata'; id: string; modelId: string }
    | { type: 'text-end'; id: string; citations?: { url: string }[] }
    | { type: 'finish'; usage: typeof usage; finishReason: { unified: 'stop' } };
  const model = { specificationVersion: 'v4', provider: 'openai.chat', modelId: 'gpt-4o' } as const;
  const options = { params: { prompt: [], reasoning: 'high' }, model };
  const middleware = farthingMiddleware({ farthing, specificationVersion: 'v4' });
  const response = { id: 'chatcmpl-v4', modelId: 'gpt-4o-2024-08-06' };
  // 600 × 2.5 + 400 × 1.25 + 30 × 10 a million
  const booked = {
    response_id: response.id,
    model: response.modelId,
    usage: { tokens: { input_uncached: 600, cache_read: 400, output: 30 } },
    cost: { usd: '0.0023' },
  };

  test('a whole answer comes out as it went in, and is booked', async () => {
    const result: Result = {
      content: [{ type: 'text', text: 'hi' }],
      finishReason: { unified: 'stop', raw: 'stop' },
      usage,
      response,
      warnings: [],
    };
    const wrapped = middleware.wrapGenerate({ ...options, doGenerate: async () => result });
    expectTypeOf(wrapped).resolves.toEqualTypeOf<Result>();
    expectTypeOf(middleware.specificationVersion).toEqualTypeOf<'v4'>();
    expect(await wrapped).toBe(result);
    expect(sink.entries).toMatchObject([{ stream: false, outcome: 'ok', ...booked }]);
  });

  const streamOf = (parts: Part[]) =>
    new ReadableStream<Part>({
      start(controller) {
        for (const part of parts) controller.enqueue(part);
        controller.close();
      },
    });

  test('so does a stream, with parts that only version 4 has', async () => {
    const parts: Part[] = [
      { type: 'response-metadata', ...response },
      { type: 'text-delta', id: '1', delta: 'hi' },
      { type: 'text-end', id: '1', citations: [{ url: 'https://example.com' }] },
      { type: 'finish', usage, finishReason: { unified: 'stop' } },
    ];
    const doStream = async () => ({ stream: streamOf(parts), request: { body: 1 } });
    const { stream, request } = await middleware.wrapStream({ ...options, doStream });
    const seen: Part[] = [];
    for await (const part of stream) seen.push(part);
    expect([seen, request]).toEqual([parts, { body: 1 }]);
    expect(sink.entries).toMatchObject([{ stream: true, outcome: 'ok', ...booked }]);
  });

  test('embeddings', async () => {
    const embedding = farthingEmbeddingMiddleware({ farthing, specificationVersion: 'v4' });
    const result = { embeddings: [[0.1]], usage: { tokens: 1_000_000 }, warnings: [] };
    const answer = await embedding.wrapEmbed({
      doEmbed: async () => result,
      params: { values: ['x'] },
      model: { ...model, modelId: 'text-embedding-3-small' },
    });
    expect(answer).toBe(result);
    expect(sink.entries).toMatchObject([{ api: 'embeddings', cost: { usd: '0.02' } }]);
  });
});

describe('LangChain', () => {
  const chat = (extra: object = {}) =>
    new ChatOpenAI({
      model: 'gpt-4o',
      apiKey: 'k',
      maxRetries: 0,
      configuration: { baseURL: `${provider.url}/v1`, defaultHeaders: headers },
      callbacks: [farthingHandler({ farthing, tags: { feature: 'chain' } })],
      ...extra,
    });

  test('calls and streams are booked at what the provider bills', async () => {
    await chat().invoke('hello');
    expect(sink.entries).toMatchObject([
      {
        provider: 'openai',
        api: 'langchain',
        outcome: 'ok',
        cost: { usd: billed('gpt-4o-2') },
        tags: { feature: 'chain' },
      },
    ]);
    for await (const chunk of await chat({ streamUsage: true }).stream('hello')) void chunk;
    expect(sink.entries).toHaveLength(2);
    expect(sink.entries[1]!.usage!.tokens.output).toBe(30);
  });

  test('errors are booked', async () => {
    const failing = chat({
      configuration: { baseURL: `${provider.url}/v1`, defaultHeaders: { 'x-fake-fault': '500' } },
    });
    await expect(failing.invoke('x')).rejects.toThrow();
    expect(sink.entries).toMatchObject([{ outcome: 'error', cost: { usd: '0' } }]);
  });
});

describe('OpenTelemetry', () => {
  test('entries are spans and metrics in the names of the conventions', async () => {
    const spans = new InMemorySpanExporter();
    const tracerProvider = new NodeTracerProvider({
      spanProcessors: [new SimpleSpanProcessor(spans)],
    });
    const metrics = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
    const reader = new PeriodicExportingMetricReader({ exporter: metrics });
    const meterProvider = new MeterProvider({ readers: [reader] });
    const telemetry = openTelemetrySink({ tracerProvider, meterProvider, cost: true });
    const observed = new Farthing({ sinks: [telemetry], tags: { session: 's1' } });
    const client = observed.meter(new OpenAI({ baseURL: `${provider.url}/v1`, apiKey: 'k' }));
    const answer = await client.chat.completions.create(
      { model: 'gpt-4o', messages: [{ role: 'user', content: 'x' }] },
      { headers },
    );
    const [span] = spans.getFinishedSpans();
    expect(span!.name).toBe(`chat ${answer.model}`);
    expect(span!.attributes).toMatchObject({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-4o',
      'gen_ai.response.model': answer.model,
      'gen_ai.response.id': answer.id,
      'gen_ai.usage.input_tokens': answer.usage!.prompt_tokens,
      'gen_ai.usage.output_tokens': answer.usage!.completion_tokens,
      'gen_ai.conversation.id': 's1',
      'gen_ai.usage.cost.currency': 'USD',
    });
    await meterProvider.forceFlush();
    const names = metrics
      .getMetrics()
      .flatMap(({ scopeMetrics }) => scopeMetrics)
      .flatMap((scope) => scope.metrics)
      .map(({ descriptor }) => descriptor.name);
    expect(names.sort()).toEqual([
      'farthing.cost',
      'gen_ai.client.operation.duration',
      'gen_ai.client.token.usage',
    ]);
    expect(observed.report()).toMatchObject({ opentelemetry: { delivered: 1, dropped: 0 } });
    await meterProvider.shutdown();
  });
});

describe('budgets in the process', () => {
  test('a refused call raises the client’s own error, is not tried again and never leaves', async () => {
    const guarded = new Farthing({
      sinks: [sink],
      budgets: [{ name: 'tiny', limit: { usd: '0.000001' }, window: 'day', actions: ['block'] }],
    });
    let sent = 0;
    const client = guarded.meter(
      new OpenAI({
        baseURL: `${provider.url}/v1`,
        apiKey: 'k',
        maxRetries: 3,
        fetch: (url, init) => {
          sent++;
          return fetch(url, init);
        },
      }),
    );
    const call = client.chat.completions.create({
      model: 'gpt-4o',
      messages: [{ role: 'user', content: 'x' }],
    });
    await expect(call).rejects.toBeInstanceOf(RateLimitError);
    await expect(call).rejects.toMatchObject({ status: 429, code: 'insufficient_quota' });
    expect(sent).toBe(0);
    expect(sink.entries).toEqual([]);
  });

  test('a definition that is wrong is told', () => {
    expect(() => new Farthing({ sinks: [], budgets: [{ name: 'x' }] })).toThrow(/x/);
  });
});
