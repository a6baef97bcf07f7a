import Anthropic from '@anthropic-ai/sdk';
import type { Program } from './observe.js';

const ask = {
  model: 'claude-sonnet-4-5',
  max_tokens: 100,
  messages: [{ role: 'user' as const, content: 'Hello, Claude' }],
};
const tools = [
  {
    name: 'get_weather',
    description: 'The weather of a city',
    input_schema: { type: 'object' as const, properties: { city: { type: 'string' } } },
  },
];

export const createAnthropic = (url: string) =>
  new Anthropic({ baseURL: url, apiKey: 'sk-ant-program', maxRetries: 1 });

export const anthropicPrograms: Program<Anthropic>[] = [
  {
    name: 'plain: a message, with its response, and a count of tokens',
    async run(client, saw) {
      saw('message', await client.messages.create(ask));
      const { data, response } = await client.messages.create(ask).withResponse();
      saw('data', data);
      saw('response', [response.status, response.headers]);
      const { model, messages } = ask;
      saw('count', await client.messages.countTokens({ model, messages }));
      saw('system', await client.messages.create({ ...ask, system: 'Be brief.' }));
    },
  },
  {
    name: 'stream: events, helpers and the final message',
    async run(client, saw) {
      for await (const event of await client.messages.create({ ...ask, stream: true })) {
        saw('event', event);
      }
      const stream = client.messages
        .stream(ask)
        .on('text', (text, snapshot) => saw('text', [text, snapshot]))
        .on('message', (message) => saw('message', message))
        .on('end', () => saw('end', null));
      saw('final', await stream.finalMessage());
      saw('final text', await client.messages.stream(ask).finalText());
    },
  },
  {
    name: 'tools: a use that is asked for, and its result',
    async run(client, saw) {
      const headers = { 'x-fake-tool-call': 'yes' };
      const answer = await client.messages.create({ ...ask, tools }, { headers });
      saw('answer', answer);
      const use = answer.content.find((block) => block.type === 'tool_use');
      const messages = [
        ...ask.messages,
        { role: 'assistant' as const, content: answer.content },
        {
          role: 'user' as const,
          content: [
            { type: 'tool_result' as const, tool_use_id: use?.id ?? 'none', content: '22 degrees' },
          ],
        },
      ];
      saw('second', await client.messages.create({ ...ask, tools, messages }));
      const stream = client.messages.stream({ ...ask, tools }, { headers });
      stream.on('inputJson', (part, snapshot) => saw('json', [part, snapshot]));
      saw('final', await stream.finalMessage());
    },
  },
  {
    name: 'errors and aborts',
    async run(client, saw) {
      for (const fault of ['400', '401', '429', '529']) {
        const settings = { headers: { 'x-fake-fault': fault }, maxRetries: 0 };
        const error: unknown = await client.messages
          .create(ask, settings)
          .catch((reason: unknown) => reason);
        saw(fault, error);
        saw('is an APIError', error instanceof Anthropic.APIError);
      }
      const long = { headers: { 'x-fake-output-tokens': '90' } };
      const left = await client.messages.create({ ...ask, stream: true }, long);
      for await (const event of left) {
        saw('first event', event);
        break;
      }
      const abort = new AbortController();
      const slow = { signal: abort.signal, headers: { 'x-fake-delay-ms': '5000' } };
      const waiting = client.messages.create(ask, slow);
      setTimeout(() => abort.abort(), 10);
      await waiting;
    },
  },
];
