import Anthropic from '@anthropic-ai/sdk';
import { Farthing, memorySink, type Entry } from '@farthing/sdk';
import { GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  startFakeProvider,
  type FakeProvider,
} from '../../packages/server/src/fake-provider/index.js';

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

let provider: FakeProvider;
beforeAll(async () => {
  provider = await startFakeProvider({ seed: 'sdk budgets' });
});
afterAll(() => provider.close());

const user = (content: string) => ({ role: 'user' as const, content });
const assistant = (content: string) => ({ role: 'assistant' as const, content });

/** An application with one budget, and the official clients in it. */
function open(budget: object) {
  const sink = memorySink();
  const steps: unknown[] = [];
  const farthing = new Farthing({
    sinks: [sink],
    budgets: [{ name: 'app', ...budget }],
    onDecision: (decision) => steps.push(...decision.steps.map((step) => step.do)),
  });
  const retries = { maxRetries: 0 };
  return {
    steps,
    openai: farthing.meter(new OpenAI({ baseURL: `${provider.url}/v1`, apiKey: 'k', ...retries })),
    anthropic: farthing.meter(new Anthropic({ baseURL: provider.url, apiKey: 'k', ...retries })),
    gemini: farthing.meter(
      new GoogleGenAI({ apiKey: 'k', httpOptions: { baseUrl: provider.url } }),
    ),
    fetch: farthing.meterFetch({ provider: 'openai' }),
    last: (): Entry => sink.entries.at(-1)!,
  };
}

describe('answers are limited as the gateway limits them', () => {
  const limited = () => open({ call: { output_tokens: 40 } });

  test('openai, whole and streamed, chat and responses', async () => {
    const { openai, last } = limited();
    const model = 'gpt-5-mini';
    const answer = await openai.chat.completions.create({
      model,
      messages: [user('Tell me all.')],
      max_completion_tokens: 4_000,
    });
    expect(answer.usage!.completion_tokens).toBeLessThanOrEqual(40);
    expect(answer.choices[0]!.finish_reason).toBe('length');
    const stream = await openai.chat.completions.create({
      model,
      messages: [user('Tell me all.')],
      stream: true,
    });
    for await (const chunk of stream) expect(chunk.choices.length).toBeGreaterThan(0);
    expect(last().usage!.tokens.output).toBeLessThanOrEqual(40);
    const response = await openai.responses.create({ model, input: 'Tell me all.' });
    expect(response.usage!.output_tokens).toBeLessThanOrEqual(40);
  });

  test('anthropic and genai', async () => {
    const { anthropic, gemini, last } = limited();
    const message = await anthropic.messages.create({
      model: 'claude-sonnet-4-6',
      max_tokens: 4_000,
      messages: [user('Tell me all.')],
    });
    expect(message.usage.output_tokens).toBeLessThanOrEqual(40);
    await gemini.models.generateContent({ model: 'gemini-2.5-flash', contents: 'Tell me all.' });
    expect(last().usage!.tokens.output).toBeLessThanOrEqual(40);
  });

  test('what fits already leaves as it came', async () => {
    const { fetch, steps } = limited();
    const body = JSON.stringify({ model: 'gpt-5-mini', max_tokens: 10, messages: [user('Hello')] });
    const answer = await fetch(`${provider.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer k' },
      body,
    });
    expect(answer.status).toBe(200);
    await answer.json();
    expect(steps).toEqual([]);
  });
});

describe('a call that is too dear goes to a cheaper model', () => {
  test('in the body: the answer and the books have the model that was asked in the end', async () => {
    const { openai, last, steps } = open({
      call: { max: '0.0005' },
      actions: ['downgrade', 'block'],
      downgrade: ['gpt-4.1', 'gpt-4.1-nano'],
    });
    const answer = await openai.chat.completions.create({
      model: 'gpt-4.1',
      messages: [user('Tell me all.')],
      max_tokens: 8_000,
    });
    expect(answer.model).toMatch(/^gpt-4\.1-nano/);
    expect(last()).toMatchObject({
      model_requested: 'gpt-4.1-nano',
      model: answer.model,
      cost: { status: 'priced' },
    });
    expect(steps).toContain('downgrade');
  });

  test('in the path, where that names the model', async () => {
    const { gemini, last } = open({
      call: { max: '0.0005' },
      actions: ['downgrade', 'block'],
      downgrade: ['gemini-2.5-pro', 'gemini-2.5-flash-lite'],
    });
    const asked = {
      model: 'gemini-2.5-pro',
      contents: 'Tell me all.',
      config: { maxOutputTokens: 4_000 },
    };
    const answer = await gemini.models.generateContent(asked);
    expect(answer.modelVersion).toBe('gemini-2.5-flash-lite');
    expect(last().model_requested).toBe('gemini-2.5-flash-lite');
    for await (const chunk of await gemini.models.generateContentStream(asked)) {
      expect(chunk.modelVersion).toBe('gemini-2.5-flash-lite');
    }
  });

  test('a request that is an object goes to another model too', async () => {
    const { fetch, last } = open({
      call: { max: '0.0005' },
      actions: ['downgrade', 'block'],
      downgrade: ['gpt-4.1', 'gpt-4.1-nano'],
    });
    const request = new Request(`${provider.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer k' },
      body: JSON.stringify({ model: 'gpt-4.1', max_tokens: 8_000, messages: [user('Hello')] }),
    });
    const answer = await fetch(request);
    expect(((await answer.json()) as { model: string }).model).toMatch(/^gpt-4\.1-nano/);
    expect(last().model_requested).toBe('gpt-4.1-nano');
  });
});

test('a conversation that is too long loses its oldest turns', async () => {
  const { openai, anthropic, last, steps } = open({
    call: { input_tokens: 600 },
    actions: ['truncate', 'block'],
  });
  const long = Array.from({ length: 20 }, (_, turn) => [
    user(`Question ${turn}: ${'gold '.repeat(40)}`),
    assistant(`Answer ${turn}: ${'silver '.repeat(40)}`),
  ]).flat();
  const messages = [...long, user('And the last question?')];
  const answer = await openai.chat.completions.create({ model: 'gpt-5-mini', messages });
  expect(answer.usage!.prompt_tokens).toBeLessThan(700);
  const message = await anthropic.messages.create({
    model: 'claude-sonnet-4-6',
    max_tokens: 50,
    messages,
  });
  expect(message.usage.input_tokens).toBeLessThan(700);
  expect(last().outcome).toBe('ok');
  expect(steps.filter((step) => step === 'truncate')).toHaveLength(2);
});

test('a limit is spent, and never exceeded, by calls at the same time', async () => {
  const limit = 0.05;
  const { openai } = open({ limit: String(limit), window: 'total' });
  const sink: number[] = [];
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      for (let refused = 0; refused < 4;) {
        try {
          const { usage } = await openai.chat.completions.create({
            model: 'gpt-5-mini',
            messages: [user('Tell me all.')],
          });
          sink.push(usage!.prompt_tokens * 0.25e-6 + usage!.completion_tokens * 2e-6);
          refused = 0;
        } catch (error) {
          expect((error as { status: number }).status).toBe(429);
          refused++;
          await pause(20);
        }
      }
    }),
  );
  const spent = sink.reduce((sum, cost) => sum + cost, 0);
  expect(spent).toBeLessThanOrEqual(limit);
  expect(spent).toBeGreaterThan(limit * 0.9);
});
