import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startFakeProvider, type FakeProvider } from './index.js';

let provider: FakeProvider;
let openai: OpenAI;
let anthropic: Anthropic;
let gemini: GoogleGenAI;

beforeAll(async () => {
  provider = await startFakeProvider({ seed: 'clients' });
  openai = new OpenAI({ apiKey: 'sk-test', baseURL: `${provider.url}/v1`, maxRetries: 0 });
  anthropic = new Anthropic({ apiKey: 'sk-ant-test', baseURL: provider.url, maxRetries: 0 });
  gemini = new GoogleGenAI({ apiKey: 'AIza-test', httpOptions: { baseUrl: provider.url } });
});
afterAll(() => provider.close());

const weatherParameters = {
  type: 'object',
  properties: { city: { type: 'string' }, days: { type: 'integer', minimum: 1, maximum: 7 } },
  required: ['city'],
};
const question = [{ role: 'user' as const, content: 'Where is my order 4711?' }];

async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

describe('openai chat.completions', () => {
  test('answers with text and usage, under the dated id of the model', async () => {
    const completion = await openai.chat.completions.create({
      model: 'gpt-4o-mini',
      messages: question,
    });
    expect(completion.model).toBe('gpt-4o-mini-2024-07-18');
    expect(completion.choices[0]?.message.content).toMatch(/^[A-Z].*\.$/s);
    expect(completion.choices[0]?.finish_reason).toBe('stop');
    const usage = completion.usage!;
    expect(usage.prompt_tokens).toBeGreaterThan(5);
    expect(usage.total_tokens).toBe(usage.prompt_tokens + usage.completion_tokens);
  });

  test('streams the text that the plain answer has, and usage only when asked for', async () => {
    const headers = { 'x-fake-seed': 'same' };
    const plain = await openai.chat.completions.create(
      { model: 'gpt-4o', messages: question },
      { headers },
    );
    const bare = await collect(
      await openai.chat.completions.create(
        { model: 'gpt-4o', messages: question, stream: true },
        { headers },
      ),
    );
    const metered = await collect(
      await openai.chat.completions.create(
        {
          model: 'gpt-4o',
          messages: question,
          stream: true,
          stream_options: { include_usage: true },
        },
        { headers },
      ),
    );
    const textOf = (chunks: typeof bare): string =>
      chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('');
    expect(textOf(bare)).toBe(plain.choices[0]?.message.content);
    expect(textOf(metered)).toBe(textOf(bare));
    expect(bare.every((chunk) => !('usage' in chunk))).toBe(true);
    expect(metered.slice(0, -1).every((chunk) => chunk.usage === null)).toBe(true);
    expect(metered.at(-1)?.choices).toEqual([]);
    expect(metered.at(-1)?.usage).toEqual(plain.usage);
  });

  test('calls a tool with arguments that fit its schema, plain and streamed', async () => {
    const body = {
      model: 'gpt-5.2',
      messages: question,
      tools: [
        {
          type: 'function' as const,
          function: { name: 'get_weather', parameters: weatherParameters },
        },
      ],
      tool_choice: 'required' as const,
    };
    const plain = await openai.chat.completions.create(body);
    const call = plain.choices[0]?.message.tool_calls?.[0];
    if (call?.type !== 'function') throw new Error('expected a function call');
    expect(plain.choices[0]?.finish_reason).toBe('tool_calls');
    expect(call.function.name).toBe('get_weather');
    expect(JSON.parse(call.function.arguments)).toEqual({
      city: expect.any(String),
      days: expect.any(Number),
    });
    const streamed = await openai.chat.completions.stream(body).finalChatCompletion();
    const streamedCall = streamed.choices[0]?.message.tool_calls?.[0];
    if (streamedCall?.type !== 'function') throw new Error('expected a function call');
    expect(Object.keys(JSON.parse(streamedCall.function.arguments))).toEqual(['city', 'days']);
  });

  test('stops at max_completion_tokens', async () => {
    const completion = await openai.chat.completions.create({
      model: 'gpt-4o',
      messages: question,
      max_completion_tokens: 5,
    });
    expect(completion.choices[0]?.finish_reason).toBe('length');
    expect(completion.usage?.completion_tokens).toBe(5);
  });

  test('reports reasoning tokens inside completion tokens', async () => {
    const completion = await openai.chat.completions.create({
      model: 'gpt-5',
      messages: question,
      reasoning_effort: 'high',
    });
    const { completion_tokens: all, completion_tokens_details: details } = completion.usage!;
    expect(details!.reasoning_tokens).toBeGreaterThan(0);
    expect(all).toBeGreaterThan(details!.reasoning_tokens!);
    expect(details!.reasoning_tokens! % 64).toBe(0);
  });

  test('reads a repeated prefix of 1,024 tokens and more from the cache', async () => {
    const handbook = 'Refunds are granted within thirty days of purchase. '.repeat(200);
    const ask = (user: string) =>
      openai.chat.completions.create({
        model: 'gpt-4.1',
        messages: [
          { role: 'system', content: handbook },
          { role: 'user', content: user },
        ],
      });
    const first = await ask('May I return this?');
    const second = await ask('How long do I have?');
    expect(first.usage?.prompt_tokens_details?.cached_tokens).toBe(0);
    const cached = second.usage!.prompt_tokens_details!.cached_tokens!;
    expect(cached).toBeGreaterThanOrEqual(1024);
    expect(cached % 128).toBe(0);
    expect(cached).toBeLessThan(second.usage!.prompt_tokens);
  });

  test('answers in JSON that fits a given schema', async () => {
    const completion = await openai.chat.completions.create({
      model: 'gpt-4o',
      messages: question,
      response_format: {
        type: 'json_schema',
        json_schema: {
          name: 'invoice',
          schema: {
            type: 'object',
            properties: { total: { type: 'number' }, paid: { type: 'boolean' } },
          },
        },
      },
    });
    expect(JSON.parse(completion.choices[0]?.message.content ?? '')).toEqual({
      total: expect.any(Number),
      paid: expect.any(Boolean),
    });
  });
});

describe('openai responses', () => {
  test('answers plain and streamed with the same text and usage', async () => {
    const headers = { 'x-fake-seed': '7' };
    const body = { model: 'gpt-5.4', input: 'Summarise the week.' };
    const plain = await openai.responses.create(body, { headers });
    const events = await collect(
      await openai.responses.create({ ...body, stream: true }, { headers }),
    );
    const last = events.at(-1);
    if (last?.type !== 'response.completed') throw new Error(`ended with ${last?.type}`);
    expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, index) => index));
    expect(plain.output_text).not.toBe('');
    const deltas = events.flatMap((event) =>
      event.type === 'response.output_text.delta' ? [event.delta] : [],
    );
    expect(deltas.join('')).toBe(plain.output_text);
    expect(last.response.usage).toEqual(plain.usage);
    expect(last.response.id).toBe(plain.id);
  });

  test('calls functions and searches the web as output items', async () => {
    const tool = {
      type: 'function' as const,
      name: 'lookup',
      parameters: weatherParameters,
      strict: false,
    };
    const called = await openai.responses.create({
      model: 'gpt-4.1-mini',
      input: 'Look it up.',
      tools: [tool],
      tool_choice: 'required',
    });
    expect(called.output.map((item) => item.type)).toEqual(['function_call']);
    const final = await openai.responses
      .stream({ model: 'gpt-4.1-mini', input: 'Search.', tools: [{ type: 'web_search' }] })
      .finalResponse();
    expect(final.output.map((item) => item.type)).toContain('web_search_call');
    expect(final.output_text).not.toBe('');
  });

  test('ends incomplete at max_output_tokens', async () => {
    const response = await openai.responses.create({
      model: 'gpt-4.1',
      input: 'Explain.',
      max_output_tokens: 16,
    });
    expect(response.status).toBe('incomplete');
    expect(response.incomplete_details?.reason).toBe('max_output_tokens');
    expect(response.usage?.output_tokens).toBe(16);
  });

  test('input_tokens tells what the response is billed as input, and takes its own members only', async () => {
    const body = { model: 'gpt-5-mini', instructions: 'Be brief.', input: question };
    const counted = await openai.responses.inputTokens.count(body);
    const response = await openai.responses.create(body);
    expect(counted).toEqual({
      object: 'response.input_tokens',
      input_tokens: response.usage!.input_tokens,
    });
    const unknown = { ...body, max_output_tokens: 5 };
    await expect(openai.responses.inputTokens.count(unknown)).rejects.toMatchObject({
      status: 400,
      param: 'max_output_tokens',
    });
  });
});

describe('openai embeddings and models', () => {
  test('the official client reads its base64 as the floats that plain HTTP gets', async () => {
    const viaClient = await openai.embeddings.create({
      model: 'text-embedding-3-small',
      input: ['one', 'two'],
    });
    const response = await fetch(`${provider.url}/v1/embeddings`, {
      method: 'POST',
      headers: { authorization: 'Bearer sk-test' },
      body: JSON.stringify({ model: 'text-embedding-3-small', input: ['one', 'two'] }),
    });
    const plain = (await response.json()) as OpenAI.CreateEmbeddingResponse;
    expect(viaClient.data[0]?.embedding).toHaveLength(1536);
    expect(viaClient.data[1]?.embedding).toEqual(plain.data[1]?.embedding);
    expect(viaClient.usage).toEqual({ prompt_tokens: 2, total_tokens: 2 });
  });

  test('lists its models', async () => {
    const models = await collect(await openai.models.list());
    expect(models.map((model) => model.id)).toContain('gpt-5.6-sol');
  });
});

describe('anthropic messages', () => {
  test('answers plain and streamed with the same content and usage', async () => {
    const headers = { 'x-fake-seed': '3' };
    const body = { model: 'claude-haiku-4-5', max_tokens: 2000, messages: question };
    const plain = await anthropic.messages.create(body, { headers });
    const { data: streamed, request_id: requestId } = await anthropic.messages
      .stream(body, { headers })
      .withResponse()
      .then(async ({ data, request_id }) => ({ data: await data.finalMessage(), request_id }));
    expect(requestId).toMatch(/^req_/);
    expect(plain.model).toBe('claude-haiku-4-5-20251001');
    expect(plain.content[0]?.type).toBe('text');
    expect(streamed.content).toEqual(plain.content);
    expect(streamed.usage.output_tokens).toBe(plain.usage.output_tokens);
    expect(streamed.usage.input_tokens).toBe(plain.usage.input_tokens);
    expect(streamed.stop_reason).toBe('end_turn');
  });

  test('writes the cache at a breakpoint, with its time to live, and reads it later', async () => {
    const handbook = 'Every claim needs a photograph and a receipt. '.repeat(200);
    const ask = (ttl: '5m' | '1h', content: string) =>
      anthropic.messages.create({
        model: 'claude-opus-4-8',
        max_tokens: 50,
        system: [{ type: 'text', text: handbook, cache_control: { type: 'ephemeral', ttl } }],
        messages: [{ role: 'user', content }],
      });
    const first = await ask('1h', 'One?');
    const second = await ask('1h', 'And another one?');
    const written = first.usage.cache_creation!.ephemeral_1h_input_tokens;
    expect(written).toBeGreaterThanOrEqual(1024);
    expect(first.usage.cache_creation_input_tokens).toBe(written);
    expect(second.usage.cache_read_input_tokens).toBe(written);
    expect(second.usage.cache_creation_input_tokens).toBe(0);
    expect(second.usage.input_tokens).toBeGreaterThan(0);
  });

  test('a growing conversation reads what the turn before it wrote', async () => {
    const long = 'The shipment left the warehouse on Tuesday. '.repeat(200);
    const marked = (text: string) => [
      { type: 'text' as const, text, cache_control: { type: 'ephemeral' as const } },
    ];
    const ask = (messages: Anthropic.MessageParam[]) =>
      anthropic.messages.create({ model: 'claude-haiku-4-5', max_tokens: 20, messages });
    const first = await ask([{ role: 'user', content: marked(long) }]);
    const second = await ask([
      { role: 'user', content: [{ type: 'text', text: long }] },
      { role: 'assistant', content: 'Noted.' },
      { role: 'user', content: marked('And then?') },
    ]);
    expect(second.usage.cache_read_input_tokens).toBe(first.usage.cache_creation_input_tokens);
    expect(second.usage.cache_creation!.ephemeral_5m_input_tokens).toBeGreaterThan(0);
  });

  test('thinks when asked to, and counts it inside the output', async () => {
    const message = await anthropic.messages
      .stream({
        model: 'claude-opus-4-8',
        max_tokens: 20_000,
        thinking: { type: 'enabled', budget_tokens: 12_000 },
        messages: question,
      })
      .finalMessage();
    expect(message.content.map((block) => block.type)).toEqual(['thinking', 'text']);
    const thinking = message.usage.output_tokens_details!.thinking_tokens;
    expect(thinking).toBeGreaterThan(0);
    expect(message.usage.output_tokens).toBeGreaterThan(thinking);
  });

  test('calls client tools and searches the web itself', async () => {
    const called = await anthropic.messages
      .stream({
        model: 'claude-sonnet-5',
        max_tokens: 1000,
        messages: question,
        tools: [{ name: 'get_weather', input_schema: { ...weatherParameters, type: 'object' } }],
        tool_choice: { type: 'any' },
      })
      .finalMessage();
    expect(called.stop_reason).toBe('tool_use');
    const block = called.content[0];
    if (block?.type !== 'tool_use') throw new Error('expected a tool call');
    expect(block.input).toEqual({ city: expect.any(String), days: expect.any(Number) });

    const searched = await anthropic.messages.create({
      model: 'claude-sonnet-5',
      max_tokens: 5000,
      messages: question,
      tools: [{ type: 'web_search_20250305', name: 'web_search' }],
    });
    const searches = searched.usage.server_tool_use!.web_search_requests;
    expect(searches).toBeGreaterThan(0);
    expect(searched.content.filter((item) => item.type === 'server_tool_use')).toHaveLength(
      searches,
    );
  });

  test('count_tokens tells what the message is billed as input', async () => {
    const body = { model: 'claude-haiku-4-5', messages: question };
    const counted = await anthropic.messages.countTokens(body);
    const message = await anthropic.messages.create({ ...body, max_tokens: 10 });
    expect(counted.input_tokens).toBe(message.usage.input_tokens);
  });
});

describe('gemini', () => {
  const body = { model: 'gemini-2.5-flash', contents: 'Name three rivers.' };

  test('answers plain and streamed with the same text and usage', async () => {
    const config = { httpOptions: { headers: { 'x-fake-seed': '11' } } };
    const plain = await gemini.models.generateContent({ ...body, config });
    const chunks = await collect(await gemini.models.generateContentStream({ ...body, config }));
    expect(plain.text).toBeTruthy();
    expect(chunks.map((chunk) => chunk.text ?? '').join('')).toBe(plain.text);
    expect(chunks.at(-1)?.usageMetadata).toEqual(plain.usageMetadata);
    const usage = plain.usageMetadata!;
    expect(usage.thoughtsTokenCount).toBeGreaterThan(0);
    expect(usage.totalTokenCount).toBe(
      usage.promptTokenCount! + usage.candidatesTokenCount! + usage.thoughtsTokenCount!,
    );
  });

  test('streams one JSON array to callers that do not ask for events', async () => {
    const response = await fetch(
      `${provider.url}/v1beta/models/gemini-2.5-flash:streamGenerateContent`,
      {
        method: 'POST',
        headers: { 'x-goog-api-key': 'AIza-test' },
        body: JSON.stringify({ contents: [{ parts: [{ text: 'Hello' }] }] }),
      },
    );
    const elements = (await response.json()) as { candidates: { finishReason?: string }[] }[];
    expect(elements.length).toBeGreaterThan(0);
    expect(elements.at(-1)?.candidates[0]?.finishReason).toBe('STOP');
  });

  test('calls functions', async () => {
    const answer = await gemini.models.generateContent({
      ...body,
      config: {
        tools: [
          {
            functionDeclarations: [{ name: 'lookup', parametersJsonSchema: weatherParameters }],
          },
        ],
        httpOptions: { headers: { 'x-fake-tool-call': 'yes' } },
      },
    });
    expect(answer.functionCalls?.[0]?.name).toBe('lookup');
    expect(answer.functionCalls?.[0]?.args).toHaveProperty('city');
  });

  test('counts tokens and embeds', async () => {
    const counted = await gemini.models.countTokens(body);
    const answer = await gemini.models.generateContent(body);
    expect(counted.totalTokens).toBe(answer.usageMetadata?.promptTokenCount);
    const embedded = await gemini.models.embedContent({
      model: 'gemini-embedding-001',
      contents: 'rivers',
    });
    expect(embedded.embeddings?.[0]?.values).toHaveLength(3072);
  });
});
