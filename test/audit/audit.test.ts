import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import { promptSources, totalInput, type Entry, type PromptSource } from '@farthing/core';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startGatewayUnderTest, type GatewayUnderTest } from '../support/gateway.js';

let gateway: GatewayUnderTest;
let openai: OpenAI;
let anthropic: Anthropic;
let gemini: GoogleGenAI;
beforeAll(async () => {
  gateway = await startGatewayUnderTest();
  openai = new OpenAI({ baseURL: `${gateway.url}/openai/v1`, apiKey: 'sk-test' });
  anthropic = new Anthropic({ baseURL: `${gateway.url}/anthropic`, apiKey: 'sk-ant-test' });
  gemini = new GoogleGenAI({
    apiKey: 'test',
    httpOptions: { baseUrl: `${gateway.url}/gemini` },
  });
});
afterAll(() => gateway.close());

/** So many words that only this test says. */
const words = (count: number) => Array.from({ length: count }, () => 'zebrafish').join(' ');
/** A red square of 8 × 8. */
const png =
  'iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEklEQVR4nGP4z8CAFWEXHbQSACj/P8Fu7N9hAAAAAElFTkSuQmCC';

const newest = async (): Promise<Entry> => (await gateway.entries()).at(-1)!;

/** The sources of an entry's prompt, the largest first; they add up to what the provider counted. */
async function sourcesOfNewest(): Promise<PromptSource[]> {
  const { prompt, usage } = await newest();
  const counts = promptSources.map((source) => [source, prompt?.[source] ?? 0] as const);
  const sum = counts.reduce((all, [, tokens]) => all + tokens, 0);
  expect(sum).toBe(totalInput(usage!.tokens));
  return counts
    .filter(([, tokens]) => tokens > 0)
    .toSorted((a, b) => b[1] - a[1])
    .map(([source]) => source);
}

const tool = {
  name: 'look_up',
  description: words(60),
  parameters: { type: 'object' as const, properties: { word: { type: 'string' } } },
};

describe('where input tokens come from, through the gateway', () => {
  test('a chat with instructions, tools, earlier turns, tool results and a question', async () => {
    await openai.chat.completions.create({
      model: 'gpt-5-mini',
      tools: [{ type: 'function', function: tool }],
      messages: [
        { role: 'system', content: words(400) },
        { role: 'user', content: words(20) },
        { role: 'assistant', content: words(200) },
        { role: 'user', content: words(30) },
        {
          role: 'assistant',
          content: null,
          tool_calls: [
            { id: 'c1', type: 'function', function: { name: 'look_up', arguments: '{}' } },
          ],
        },
        { role: 'tool', tool_call_id: 'c1', content: words(800) },
      ],
    });
    expect(await sourcesOfNewest()).toEqual(['context', 'system', 'history', 'tools', 'user']);
  });

  test('a streamed chat with an image', async () => {
    const stream = await openai.chat.completions.create({
      model: 'gpt-5-mini',
      stream: true,
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: words(10) },
            { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
          ],
        },
      ],
    });
    for await (const chunk of stream) void chunk;
    expect(await sourcesOfNewest()).toEqual(['files', 'user']);
  });

  test('a response, and one that goes on from it: the provider has the history', async () => {
    const first = await openai.responses.create({
      model: 'gpt-5',
      instructions: words(50),
      input: `<context>${words(300)}</context> ${words(20)}`,
    });
    expect(await sourcesOfNewest()).toEqual(['context', 'system', 'user']);
    await openai.responses.create({
      model: 'gpt-5',
      previous_response_id: first.id,
      input: [{ role: 'user', content: words(20) }],
    });
    await sourcesOfNewest();
  });

  test('messages with tools, their results and an image', async () => {
    await anthropic.messages.create({
      model: 'claude-sonnet-5',
      max_tokens: 100,
      system: words(100),
      tools: [{ name: 'look_up', description: words(60), input_schema: tool.parameters }],
      messages: [
        {
          role: 'user',
          content: [
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: png } },
            { type: 'text', text: words(30) },
          ],
        },
        {
          role: 'assistant',
          content: [{ type: 'tool_use', id: 't1', name: 'look_up', input: {} }],
        },
        {
          role: 'user',
          content: [{ type: 'tool_result', tool_use_id: 't1', content: words(500) }],
        },
      ],
    });
    const sources = await sourcesOfNewest();
    expect(sources[0]).toBe('context');
    expect(sources).toEqual(expect.arrayContaining(['system', 'tools', 'history', 'user']));
  });

  test('contents with instructions and an inline image', async () => {
    const data = `${png.slice(0, -1)}${'A'.repeat(4_000)}`;
    await gemini.models.generateContent({
      model: 'gemini-2.5-flash',
      config: { systemInstruction: words(50) },
      contents: [
        {
          role: 'user',
          parts: [{ text: words(10) }, { inlineData: { mimeType: 'image/png', data } }],
        },
      ],
    });
    expect(await sourcesOfNewest()).toEqual(['files', 'system', 'user']);
  });

  test('elements that the caller names hold retrieved text', async () => {
    const messages = [{ role: 'user' as const, content: `<kb>${words(300)}</kb> ${words(20)}` }];
    await openai.chat.completions.create({ model: 'gpt-5-mini', messages });
    expect(await sourcesOfNewest()).toEqual(['user']);
    const headers = { 'x-farthing-context-elements': 'kb, articles' };
    const { response } = await openai.chat.completions
      .create({ model: 'gpt-5-mini', messages }, { headers })
      .withResponse();
    expect(await sourcesOfNewest()).toEqual(['context', 'user']);
    expect(response.headers.get('x-farthing-warning')).toBeNull();
    // Ours: the provider has not seen it.
    const received = JSON.stringify(gateway.provider.received().at(-1));
    expect(received).toContain('headers');
    expect(received).not.toContain('context-elements');
  });

  test('a list of elements that is none is said to be so', async () => {
    const { response } = await openai.chat.completions
      .create(
        { model: 'gpt-5-mini', messages: [{ role: 'user', content: 'Hi' }] },
        { headers: { 'x-farthing-context-elements': '<kb>' } },
      )
      .withResponse();
    expect(response.headers.get('x-farthing-warning')).toContain('x-farthing-context-elements');
  });

  test('is not said of embeddings, of errors and of calls without a count', async () => {
    await openai.embeddings.create({ model: 'text-embedding-3-small', input: words(50) });
    expect((await newest()).prompt).toBeUndefined();
    const failing = openai.chat.completions.create(
      { model: 'gpt-5-mini', messages: [{ role: 'user', content: words(5) }] },
      { headers: { 'x-fake-fault': '500' }, maxRetries: 0 },
    );
    await expect(failing).rejects.toThrow(/500/);
    expect((await newest()).prompt).toBeUndefined();
  });

  test('of many large requests only some are taken apart, and those stand for the others', async () => {
    const headers = { 'x-farthing-feature': 'large' };
    const messages = [{ role: 'user' as const, content: words(900) }];
    for (let call = 0; call < 60; call++) {
      await openai.chat.completions.create(
        { model: 'gpt-5-mini', max_completion_tokens: 16, messages },
        { headers },
      );
    }
    const large = (await gateway.entries()).filter(({ tags }) => tags.feature === 'large');
    const taken = large.flatMap(({ prompt }) => prompt ?? []);
    expect(large).toHaveLength(60);
    expect(taken.length).toBeLessThan(25);
    const standFor = taken.reduce((sum, { calls = 1 }) => sum + calls, 0);
    expect(standFor).toBeGreaterThan(60 - 32);
    expect(standFor).toBeLessThanOrEqual(60);
  });

  test('no word of any prompt stands in the journal', async () => {
    expect(JSON.stringify([await gateway.entries(), await gateway.opened()])).not.toContain(
      'zebrafish',
    );
  });
});
