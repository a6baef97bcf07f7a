import OpenAI, { toFile } from 'openai';
import { zodResponseFormat, zodTextFormat } from 'openai/helpers/zod';
import { z } from 'zod';
import type { Program } from './observe.js';

const model = 'gpt-4o-mini';
const messages = [{ role: 'user' as const, content: 'Say this is a test' }];
const weather = {
  type: 'function' as const,
  function: {
    name: 'get_weather',
    description: 'The weather of a city',
    parameters: { type: 'object', properties: { city: { type: 'string' } } },
  },
};

export const createOpenAI = (url: string) =>
  new OpenAI({ baseURL: `${url}/v1`, apiKey: 'sk-program', maxRetries: 1 });

export const openaiPrograms: Program<OpenAI>[] = [
  {
    name: 'plain: chat completions and responses, with their responses',
    async run(client, saw) {
      saw('answer', await client.chat.completions.create({ model, messages }));
      const { data, response } = await client.chat.completions
        .create({ model, messages })
        .withResponse();
      saw('data', data);
      saw('response', [response.status, response.headers, response.ok, response.redirected]);
      const raw = await client.chat.completions.create({ model, messages }).asResponse();
      saw('raw', [raw.constructor.name, JSON.parse(await raw.text())]);
      const answer = await client.responses.create({ model, instructions: 'Brief.', input: 'Hi' });
      saw('output_text', answer.output_text);
      saw('response object', answer);
    },
  },
  {
    name: 'stream: for await, with usage and without, and two readers',
    async run(client, saw) {
      const stream = await client.chat.completions.create({ model, messages, stream: true });
      saw('stream', stream.constructor.name);
      for await (const chunk of stream) saw('chunk', chunk);
      const counted = await client.chat.completions.create({
        model,
        messages,
        stream: true,
        stream_options: { include_usage: true },
      });
      for await (const chunk of counted) saw('chunk', chunk);
      const [left, right] = (
        await client.chat.completions.create({ model, messages, stream: true })
      ).tee();
      const texts = await Promise.all(
        [left, right].map(async (half) => {
          let text = '';
          for await (const chunk of half) text += chunk.choices[0]?.delta.content ?? '';
          return text;
        }),
      );
      saw('halves', texts);
      const events = await client.responses.create({ model, input: 'Hi', stream: true });
      for await (const event of events) saw('event', event);
    },
  },
  {
    name: 'stream helpers: events, and the final completion',
    async run(client, saw) {
      const stream = client.chat.completions
        .stream({ model, messages })
        .on('content', (delta, snapshot) => saw('content', [delta, snapshot]))
        .on('chunk', (chunk) => saw('chunk', chunk))
        .on('end', () => saw('end', null));
      saw('final', await stream.finalChatCompletion());
      saw('usage', await stream.totalUsage());
      const response = client.responses
        .stream({ model, input: 'Hi' })
        .on('response.output_text.delta', ({ delta }) => saw('delta', delta));
      saw('final response', await response.finalResponse());
    },
  },
  {
    name: 'tools: a call that is asked for, and a runner that answers it',
    async run(client, saw) {
      const asked = await client.chat.completions.create(
        { model, messages, tools: [weather] },
        { headers: { 'x-fake-tool-call': 'yes' } },
      );
      saw('tool calls', asked.choices[0]!.message.tool_calls);
      const runner = client.chat.completions
        .runTools(
          {
            model,
            messages,
            tools: [
              {
                type: 'function',
                function: { ...weather.function, parse: JSON.parse, function: () => '22 degrees' },
              },
            ],
          },
          { headers: { 'x-fake-tool-call': 'yes' }, maxChatCompletions: 3 },
        )
        .on('message', (message) => saw('message', message));
      await runner.done();
      saw('messages', runner.messages);
    },
  },
  {
    name: 'structured output: parse by a schema',
    async run(client, saw) {
      const step = z.object({ explanation: z.string(), output: z.string() });
      const completion = await client.chat.completions.parse({
        model,
        messages,
        response_format: zodResponseFormat(step, 'step'),
      });
      saw('parsed', completion.choices[0]?.message.parsed);
      saw('completion', completion);
      const response = await client.responses.parse({
        model,
        input: 'Hi',
        text: { format: zodTextFormat(step, 'step') },
      });
      saw('output_parsed', response.output_parsed);
    },
  },
  {
    name: 'embeddings, a file, a list, and what is no call',
    async run(client, saw) {
      const input = ['one', 'two'];
      saw('embedding', await client.embeddings.create({ model: 'text-embedding-3-small', input }));
      saw(
        'transcription',
        await client.audio.transcriptions.create({
          model: 'gpt-4o-mini-transcribe',
          file: await toFile(Buffer.alloc(3_200), 'speech.wav'),
        }),
      );
      saw('moderation', await client.moderations.create({ input: 'fine' }));
      for await (const found of client.models.list()) saw('model', found.id);
    },
  },
  {
    name: 'errors: by status, tried again, and a stream that breaks off',
    async run(client, saw) {
      for (const fault of ['400', '401', '404', '429', '500']) {
        const headers = { 'x-fake-fault': fault };
        const settings = { headers, maxRetries: 0 };
        const error: unknown = await client.chat.completions
          .create({ model, messages }, settings)
          .catch((reason: unknown) => reason);
        saw(fault, error);
        saw('is an APIError', error instanceof OpenAI.APIError);
      }
      const cut = await client.chat.completions.create(
        { model, messages, stream: true },
        { headers: { 'x-fake-fault': 'cut', 'x-fake-cut-after': '3' } },
      );
      for await (const chunk of cut) saw('chunk', chunk);
    },
  },
  {
    name: 'abort: by leaving the loop, by a signal, by a time limit',
    async run(client, saw) {
      const long = { headers: { 'x-fake-output-tokens': '200' } };
      const left = await client.chat.completions.create({ model, messages, stream: true }, long);
      for await (const chunk of left) {
        saw('first chunk', chunk);
        break;
      }
      saw('aborted', left.controller.signal.aborted);
      const gone = new AbortController();
      gone.abort();
      const settings = { signal: gone.signal };
      const early = client.chat.completions.create({ model, messages }, settings);
      saw('before', await early.catch((reason: unknown) => reason));
      const late = new AbortController();
      const slow = { signal: late.signal, headers: { 'x-fake-delay-ms': '5000' } };
      const waiting = client.chat.completions.create({ model, messages }, slow);
      setTimeout(() => late.abort(), 10);
      saw('while waiting', await waiting.catch((reason: unknown) => reason));
      const timeout = { timeout: 10, maxRetries: 0, headers: { 'x-fake-delay-ms': '5000' } };
      await client.chat.completions.create({ model, messages }, timeout);
    },
  },
];
