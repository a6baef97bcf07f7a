import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  InvokeModelCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { GoogleGenAI } from '@google/genai';
import { Mistral } from '@mistralai/mistralai';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { CohereClient, CohereClientV2 } from 'cohere-ai';
import { Farthing, memorySink } from '@farthing/sdk';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  startFakeProvider,
  type FakeProvider,
} from '../../packages/server/src/fake-provider/index.js';
import { eventMessage } from '../support/event-stream-message.js';
import { startScriptedProvider, type ScriptedProvider } from '../support/scripted-provider.js';

let fake: FakeProvider;
let scripted: ScriptedProvider;
const sink = memorySink();
const farthing = new Farthing({ sinks: [sink] });

beforeAll(async () => {
  fake = await startFakeProvider({ seed: 'other-clients' });
  scripted = await startScriptedProvider();
});
afterAll(async () => {
  await fake.close();
  await scripted.close();
});
beforeEach(() => sink.clear());

describe('@google/genai', () => {
  const client = () =>
    farthing.meter(new GoogleGenAI({ apiKey: 'k', httpOptions: { baseUrl: fake.url } }), {
      feature: 'google',
    });

  test('whole, streamed, in a chat, and embeddings', async () => {
    const gemini = client();
    const model = 'gemini-2.5-flash';
    await gemini.models.generateContent({ model, contents: 'hello' });
    for await (const chunk of await gemini.models.generateContentStream({
      model,
      contents: 'hello',
    }))
      void chunk;
    await gemini.chats.create({ model }).sendMessage({ message: 'hello' });
    await gemini.models.embedContent({ model: 'gemini-embedding-001', contents: 'hello' });
    expect(
      sink.entries.map(({ api, stream, outcome, provider }) => [api, stream, outcome, provider]),
    ).toEqual([
      ['generateContent', false, 'ok', 'google'],
      ['generateContent', true, 'ok', 'google'],
      ['generateContent', false, 'ok', 'google'],
      ['embedContent', false, 'ok', 'google'],
    ]);
    expect(sink.entries.every(({ tags }) => tags.feature === 'google')).toBe(true);
    expect(sink.entries.slice(0, 3).every(({ cost }) => cost.status === 'priced')).toBe(true);
  });

  test('metering it again replaces the tags, and books once', async () => {
    const gemini = client();
    farthing.meter(gemini, { feature: 'second' });
    await gemini.models.generateContent({ model: 'gemini-2.5-flash', contents: 'x' });
    expect(sink.entries.map(({ tags }) => tags.feature)).toEqual(['second']);
  });
});

const chat = {
  id: 'c1',
  object: 'chat.completion',
  created: 1,
  model: 'mistral-large-2411',
  choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'hi' } }],
  usage: { prompt_tokens: 1_000, completion_tokens: 100, total_tokens: 1_100 },
};

describe('@mistralai/mistralai', () => {
  const client = () => farthing.meter(new Mistral({ apiKey: 'k', serverURL: scripted.url }));
  const request = {
    model: 'mistral-large-2411',
    messages: [{ role: 'user' as const, content: 'x' }],
  };

  test('a call is booked and sent as it was', async () => {
    scripted.answer({ body: chat });
    const answer = await client().chat.complete(request);
    expect(answer.choices[0]?.message?.content).toBe('hi');
    expect(sink.entries).toMatchObject([
      {
        provider: 'mistral',
        api: 'chat.completions',
        model: 'mistral-large-2411',
        cost: { status: 'priced', usd: '0.0026' },
      },
    ]);
    expect(JSON.parse(scripted.last().body)).toEqual({ ...request, stream: false });
  });

  test('a stream is booked from its last event; nothing is asked for on its behalf', async () => {
    const events = [
      {
        id: 'c1',
        model: 'mistral-large-2411',
        choices: [{ index: 0, delta: { content: 'hi' }, finish_reason: null }],
      },
      {
        id: 'c1',
        model: 'mistral-large-2411',
        choices: [{ index: 0, delta: { content: '' }, finish_reason: 'stop' }],
        usage: chat.usage,
      },
    ];
    const body = Buffer.from(
      [...events.map((event) => `data: ${JSON.stringify(event)}\n\n`), 'data: [DONE]\n\n'].join(''),
    );
    scripted.answer({ body, contentType: 'text/event-stream' });
    for await (const event of await client().chat.stream(request)) void event;
    expect(sink.entries).toMatchObject([{ stream: true, outcome: 'ok', cost: { usd: '0.0026' } }]);
    expect(scripted.last().body).not.toContain('stream_options');
  });
});

describe('cohere-ai', () => {
  const answer = {
    id: 'x',
    finish_reason: 'COMPLETE',
    message: { role: 'assistant', content: [{ type: 'text', text: 'hi' }] },
    usage: {
      billed_units: { input_tokens: 1_000, output_tokens: 100 },
      tokens: { input_tokens: 1_200, output_tokens: 110 },
    },
  };

  test('version 2 of the client', async () => {
    scripted.answer({ body: answer });
    const cohere = farthing.meter(new CohereClientV2({ token: 'k', environment: scripted.url }));
    await cohere.chat({ model: 'command-a-03-2025', messages: [{ role: 'user', content: 'x' }] });
    expect(sink.entries).toMatchObject([
      {
        provider: 'cohere',
        api: 'chat.v2',
        model: 'command-a-03-2025',
        usage: { tokens: { input_uncached: 1_000, output: 100 } },
      },
    ]);
  });

  test('version 1, and its reranking', async () => {
    scripted.answer({
      body: { id: 'r', results: [], meta: { billed_units: { search_units: 1 } } },
    });
    const cohere = farthing.meter(new CohereClient({ token: 'k', environment: scripted.url }));
    await cohere.rerank({ model: 'rerank-v3.5', query: 'x', documents: ['a', 'b'] });
    expect(scripted.last().headers['authorization']).toBe('Bearer k');
    expect(sink.entries).toMatchObject([
      { provider: 'cohere', usage: { units: { search_units: 1 } } },
    ]);
  });
});

describe('@aws-sdk/client-bedrock-runtime', () => {
  const model = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';
  const usage = { inputTokens: 1_000, outputTokens: 100, totalTokens: 1_100 };
  const output = { message: { role: 'assistant', content: [{ text: 'hi' }] } };
  const messages = [{ role: 'user' as const, content: [{ text: 'x' }] }];
  const bare = () =>
    new BedrockRuntimeClient({
      region: 'us-east-1',
      endpoint: scripted.url,
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      maxAttempts: 2,
      // The scripted provider speaks HTTP/1.1.
      requestHandler: new NodeHttpHandler(),
    });

  test('Converse, whole and streamed; the client itself stays as it is', async () => {
    const client = bare();
    const bedrock = farthing.meter(client);
    expect(bedrock).toBeInstanceOf(BedrockRuntimeClient);
    scripted.answer({ body: { output, usage, stopReason: 'end_turn', metrics: { latencyMs: 1 } } });
    const answer = await bedrock.send(new ConverseCommand({ modelId: model, messages }));
    expect(answer.usage?.totalTokens).toBe(1_100);
    await client.send(new ConverseCommand({ modelId: model, messages }));
    const frames = Buffer.concat([
      eventMessage('contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'Hello' } }),
      eventMessage('metadata', { usage, metrics: { latencyMs: 1 } }),
    ]);
    scripted.answer({ body: frames, contentType: 'application/vnd.amazon.eventstream' });
    const { stream } = await bedrock.send(new ConverseStreamCommand({ modelId: model, messages }));
    for await (const event of stream!) void event;
    expect(sink.entries).toMatchObject([
      { provider: 'aws-bedrock', api: 'converse', model, stream: false, cost: { usd: '0.00495' } },
      { api: 'converseStream', model, stream: true, outcome: 'ok', cost: { usd: '0.00495' } },
    ]);
  });

  test('InvokeModel is read by the shape of its vendor', async () => {
    scripted.answer({
      body: {
        id: 'm',
        type: 'message',
        model: 'claude-sonnet-4-5-20250929',
        content: [],
        usage: { input_tokens: 1_000, output_tokens: 100 },
      },
    });
    await farthing.meter(bare()).send(
      new InvokeModelCommand({
        modelId: model,
        contentType: 'application/json',
        body: JSON.stringify({ max_tokens: 5, messages: [] }),
      }),
    );
    expect(sink.entries).toMatchObject([{ api: 'invokeModel', model, cost: { usd: '0.00495' } }]);
  });

  test('every attempt is an entry of its own', async () => {
    scripted.answer({ status: 500, body: { message: 'no' } });
    await expect(
      farthing.meter(bare()).send(new ConverseCommand({ modelId: model, messages })),
    ).rejects.toThrow();
    expect(sink.entries.map(({ attempt, outcome, cost }) => [attempt, outcome, cost.usd])).toEqual([
      [1, 'error', '0'],
      [2, 'error', '0'],
    ]);
  });
});
