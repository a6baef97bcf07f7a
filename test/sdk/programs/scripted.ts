import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { Mistral } from '@mistralai/mistralai';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { CohereClientV2 } from 'cohere-ai';
import { eventMessage } from '../../support/event-stream-message.js';
import type { ScriptedAnswer } from '../../support/scripted-provider.js';
import type { Program } from './observe.js';

/** A program with what its provider answers, by the path of the request. */
export interface ScriptedProgram<Client> extends Program<Client> {
  answers(url: string): ScriptedAnswer;
}

const sse = (...events: (object | string)[]): ScriptedAnswer => ({
  contentType: 'text/event-stream',
  body: Buffer.from(
    events
      .map((event) => `data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`)
      .join(''),
  ),
});

const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };
const mistralAnswer = (message: object) => ({
  id: 'cmpl-1',
  object: 'chat.completion',
  created: 1_700_000_000,
  model: 'mistral-small-latest',
  choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', ...message } }],
  usage,
});
const delta = (text: string, more: object = {}) => ({
  id: 'cmpl-1',
  object: 'chat.completion.chunk',
  created: 1_700_000_000,
  model: 'mistral-small-latest',
  choices: [{ index: 0, delta: { content: text }, finish_reason: null }],
  ...more,
});
const model = 'mistral-small-latest';
const messages = [{ role: 'user' as const, content: 'Who is the best French painter?' }];

export const createMistral = (url: string) => new Mistral({ apiKey: 'k', serverURL: url });

export const mistralPrograms: ScriptedProgram<Mistral>[] = [
  {
    name: 'plain and with tools',
    answers: () => ({
      body: mistralAnswer({
        content: '',
        tool_calls: [{ id: 'call_1', function: { name: 'paint', arguments: '{"blue":1}' } }],
      }),
    }),
    async run(client, saw) {
      saw('answer', await client.chat.complete({ model, messages }));
      const tools = [{ type: 'function' as const, function: { name: 'paint', parameters: {} } }];
      saw('tools', await client.chat.complete({ model, messages, tools }));
    },
  },
  {
    name: 'stream, read whole and left',
    answers: () => sse(delta('Mo'), delta('net'), delta('', { usage }), '[DONE]'),
    async run(client, saw) {
      const stream = await client.chat.stream({ model, messages });
      saw('stream', stream.constructor.name);
      for await (const event of stream) saw('event', event);
      for await (const event of await client.chat.stream({ model, messages })) {
        saw('first', event);
        break;
      }
    },
  },
  {
    name: 'embeddings',
    answers: () => ({
      body: {
        id: 'e',
        object: 'list',
        model: 'mistral-embed',
        data: [{ object: 'embedding', index: 0, embedding: [0.1, 0.2] }],
        usage,
      },
    }),
    run: async (client, saw) =>
      saw('vectors', await client.embeddings.create({ model: 'mistral-embed', inputs: ['a'] })),
  },
  {
    name: 'errors and aborts',
    answers: () => ({ status: 401, body: { message: 'Unauthorized' } }),
    async run(client, saw) {
      const failing = client.chat.complete({ model, messages });
      saw('401', await failing.catch((reason: unknown) => reason));
      const signal = AbortSignal.abort();
      await client.chat.complete({ model, messages }, { fetchOptions: { signal } });
    },
  },
];

const cohereModel = 'command-a-03-2025';
const billed = { billed_units: { input_tokens: 10, output_tokens: 5 } };

export const createCohere = (url: string) => new CohereClientV2({ token: 'k', environment: url });

export const coherePrograms: ScriptedProgram<CohereClientV2>[] = [
  {
    name: 'plain, embeddings and reranking',
    answers: (url) => ({
      body: url.includes('rerank')
        ? {
            id: 'r',
            results: [{ index: 1, relevance_score: 0.9 }],
            meta: { billed_units: { search_units: 1 } },
          }
        : url.includes('embed')
          ? { id: 'e', embeddings: { float: [[0.1]] }, texts: ['a'], meta: billed }
          : {
              id: 'c',
              finish_reason: 'COMPLETE',
              message: { role: 'assistant', content: [{ type: 'text', text: 'hi' }] },
              usage: billed,
            },
    }),
    async run(cohere, saw) {
      saw('chat', await cohere.chat({ model: cohereModel, messages }));
      const embedding = { model: 'embed-v4.0', texts: ['a'], inputType: 'search_query' as const };
      saw('embed', await cohere.embed({ ...embedding, embeddingTypes: ['float'] }));
      const documents = ['a', 'b'];
      saw('rerank', await cohere.rerank({ model: 'rerank-v3.5', query: 'x', documents }));
      saw('raw', (await cohere.chat({ model: cohereModel, messages }).withRawResponse()).data);
    },
  },
  {
    name: 'stream',
    answers: () =>
      sse(
        { type: 'message-start', id: 'c', delta: { message: { role: 'assistant' } } },
        { type: 'content-delta', index: 0, delta: { message: { content: { text: 'hi' } } } },
        { type: 'message-end', delta: { finish_reason: 'COMPLETE', usage: billed } },
      ),
    async run(cohere, saw) {
      for await (const event of await cohere.chatStream({ model: cohereModel, messages })) {
        saw('event', event);
      }
    },
  },
  {
    name: 'errors and aborts',
    answers: () => ({ status: 400, body: { message: 'invalid request' } }),
    async run(cohere, saw) {
      const failing = cohere.chat({ model: cohereModel, messages });
      saw('400', await failing.catch((reason: unknown) => reason));
      const abortSignal = AbortSignal.abort();
      await cohere.chat({ model: cohereModel, messages }, { abortSignal, maxRetries: 0 });
    },
  },
];

const modelId = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';
const conversation = [{ role: 'user' as const, content: [{ text: 'x' }] }];
const counted = { inputTokens: 10, outputTokens: 5, totalTokens: 15 };
const eventStream = (...frames: Buffer[]): ScriptedAnswer => ({
  contentType: 'application/vnd.amazon.eventstream',
  body: Buffer.concat(frames),
});

export const createBedrock = (url: string) =>
  new BedrockRuntimeClient({
    region: 'us-east-1',
    endpoint: url,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler(),
  });

export const bedrockPrograms: ScriptedProgram<BedrockRuntimeClient>[] = [
  {
    name: 'Converse, with a tool use, and InvokeModel',
    answers: (url) =>
      url.includes('invoke')
        ? {
            body: {
              id: 'm',
              type: 'message',
              content: [],
              usage: { input_tokens: 1, output_tokens: 1 },
            },
          }
        : {
            body: {
              output: {
                message: {
                  role: 'assistant',
                  content: [
                    { toolUse: { toolUseId: 't', name: 'weather', input: { city: 'Rome' } } },
                  ],
                },
              },
              usage: counted,
              stopReason: 'tool_use',
              metrics: { latencyMs: 1 },
            },
          },
    async run(client, saw) {
      const answer = await client.send(new ConverseCommand({ modelId, messages: conversation }));
      saw('answer', answer);
      const body = JSON.stringify({ max_tokens: 5, messages: [] });
      const command = new InvokeModelCommand({ modelId, contentType: 'application/json', body });
      const { body: bytes } = await client.send(command);
      saw('body', [bytes.transformToString(), bytes.constructor.name]);
    },
  },
  {
    name: 'streams of both',
    answers: (url) =>
      url.includes('invoke')
        ? eventStream(
            eventMessage('chunk', {
              bytes: Buffer.from('{"type":"message_stop"}').toString('base64'),
            }),
          )
        : eventStream(
            eventMessage('contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'Hello' } }),
            eventMessage('metadata', { usage: counted, metrics: { latencyMs: 1 } }),
          ),
    async run(client, saw) {
      const answer = await client.send(
        new ConverseStreamCommand({ modelId, messages: conversation }),
      );
      for await (const event of answer.stream!) saw('event', event);
      const command = { modelId, contentType: 'application/json', body: '{}' };
      const raw = await client.send(new InvokeModelWithResponseStreamCommand(command));
      for await (const event of raw.body!) saw('event', event);
    },
  },
  {
    name: 'errors and aborts',
    answers: () => ({ status: 400, body: { message: 'no such model' } }),
    async run(client, saw) {
      const command = () => new ConverseCommand({ modelId, messages: conversation });
      saw('400', await client.send(command()).catch((reason: unknown) => reason));
      const abort = new AbortController();
      abort.abort();
      await client.send(command(), { abortSignal: abort.signal });
    },
  },
];
