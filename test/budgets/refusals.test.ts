import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';
import { Agent, request } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBudgeted, type Budgeted } from '../support/budgeted.js';

const budgets = [
  { name: 'nothing left', scope: { feature: 'spent' }, limit: { calls: 1 }, window: 'day' },
  {
    name: 'slow down',
    scope: { feature: 'throttled' },
    limit: { calls: 1 },
    window: 'minute',
    actions: ['throttle'],
  },
  {
    name: 'ask first',
    scope: { feature: 'asking' },
    limit: { calls: 1 },
    window: 'total',
    actions: ['acknowledge'],
  },
  { name: 'each user', scope: { user: '*' }, limit: { calls: 2 }, window: 'day' },
  { name: 'small calls', scope: { feature: 'capped' }, call: { max: '0.002' } },
];

let budgeted: Budgeted;
beforeAll(async () => {
  budgeted = await startBudgeted(budgets);
  for (const feature of ['spent', 'throttled', 'asking']) {
    const first = await budgeted.chat({}, { 'x-farthing-feature': feature });
    expect(first.status).toBe(200);
    await first.text();
  }
});
afterAll(() => budgeted?.close());

const refusals = () => budgeted.metric('farthing_gateway_refusals_total');
const spent = { 'x-farthing-feature': 'spent' };

describe('a refusal', () => {
  test('reaches the OpenAI client as a quota error, which it does not retry', async () => {
    const before = await refusals();
    const call = budgeted.openai(spent).chat.completions.create({
      model: 'gpt-5-mini',
      messages: [{ role: 'user', content: 'Hello' }],
    });
    await expect(call).rejects.toBeInstanceOf(OpenAI.RateLimitError);
    await expect(call).rejects.toMatchObject({
      code: 'insufficient_quota',
      type: 'budget_exceeded',
      message: expect.stringContaining('"nothing left"'),
    });
    expect(await refusals()).toBe(before + 1);
  });

  test('reaches the Anthropic client as its rate limit error, once', async () => {
    const before = await refusals();
    const client = new Anthropic({
      baseURL: `${budgeted.installation.gatewayUrl}/anthropic`,
      apiKey: 'k',
      defaultHeaders: spent,
    });
    const call = client.messages.create({
      model: 'claude-sonnet-5',
      max_tokens: 50,
      messages: [{ role: 'user', content: 'Hello' }],
    });
    await expect(call).rejects.toBeInstanceOf(Anthropic.RateLimitError);
    await expect(call).rejects.toThrow('nothing left');
    expect(await refusals()).toBe(before + 1);
  });

  test('reaches the Gemini client as RESOURCE_EXHAUSTED, once', async () => {
    const before = await refusals();
    const client = new GoogleGenAI({
      apiKey: 'k',
      httpOptions: { baseUrl: `${budgeted.installation.gatewayUrl}/gemini`, headers: spent },
    });
    const call = client.models.generateContent({ model: 'gemini-2.5-flash', contents: 'Hello' });
    await expect(call).rejects.toMatchObject({ status: 429 });
    await expect(call).rejects.toThrow('RESOURCE_EXHAUSTED');
    expect(await refusals()).toBe(before + 1);
  });

  test('ends a stream before it begins, in the same way', async () => {
    const call = budgeted.openai(spent).chat.completions.create({
      model: 'gpt-5-mini',
      messages: [{ role: 'user', content: 'Hello' }],
      stream: true,
    });
    await expect(call).rejects.toBeInstanceOf(OpenAI.RateLimitError);
  });

  test('neither reaches the provider nor is booked as a call, and is counted by budget and action', async () => {
    const sent = budgeted.provider.received().length;
    const counted = { budget: 'nothing left', action: 'block' };
    const before = await budgeted.metric('farthing_budget_decisions_total', counted);
    const response = await budgeted.chat({}, spent);
    await response.text();
    expect(budgeted.provider.received()).toHaveLength(sent);
    expect(await budgeted.metric('farthing_budget_decisions_total', counted)).toBe(before + 1);
    await budgeted.installation.untilBooked();
    const id = response.headers.get('x-farthing-call-id');
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect((await budgeted.installation.entries()).map((entry) => entry.id)).not.toContain(id);
  });

  test('is explained to the operator by the id in the answer', async () => {
    const response = await budgeted.chat({}, spent);
    await response.text();
    const id = response.headers.get('x-farthing-call-id')!;
    await expect
      .poll(async () => (await budgeted.installation.run('budgets', 'why', id, '--json')).stdout, {
        timeout: 20_000,
      })
      .toContain('nothing left');
  });

  test('names the budget and none of its amounts, and says when to come back', async () => {
    const response = await budgeted.chat({}, spent);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(response.headers.get('retry-after'))).toBeLessThanOrEqual(86_400);
    const text = await response.text();
    expect(text).toContain('nothing left');
    expect(text).not.toMatch(/\$|usd|limit/i);
  });

  test('keeps the connection, so that the next call needs no new one', async () => {
    const agent = new Agent({ connections: 1 });
    const sockets = new Set<unknown>();
    agent.on('connect', (origin) => sockets.add({ origin }));
    for (const feature of ['spent', 'spent', 'free']) {
      const { body } = await request(
        `${budgeted.installation.gatewayUrl}/openai/v1/chat/completions`,
        {
          dispatcher: agent,
          method: 'POST',
          headers: { 'x-farthing-feature': feature, 'content-type': 'application/json' },
          body: '{"model":"gpt-5-mini","messages":[{"role":"user","content":"Hello"}]}',
        },
      );
      await body.text();
    }
    expect(sockets.size).toBe(1);
    await agent.close();
  });
});

test('a throttled call is told to wait for the next window', async () => {
  const response = await budgeted.chat({}, { 'x-farthing-feature': 'throttled' });
  await response.text();
  // The minute may just have begun anew.
  if (response.status === 200) return;
  expect(response.status).toBe(429);
  expect(Number(response.headers.get('retry-after'))).toBeLessThanOrEqual(60);
});

test('each user has an account of their own', async () => {
  const statusOf = async (user: string) => {
    const response = await budgeted.chat({ user });
    await response.text();
    return response.status;
  };
  expect([await statusOf('ann'), await statusOf('ann'), await statusOf('ann')]).toEqual([
    200, 200, 429,
  ]);
  expect(await statusOf('ben')).toBe(200);
});

test('a call that alone would cost more than one may is refused, whatever is left', async () => {
  const headers = { 'x-farthing-feature': 'capped' };
  const small = await budgeted.chat({ max_completion_tokens: 100 }, headers);
  await small.text();
  expect(small.status).toBe(200);
  const large = await budgeted.chat(
    { messages: [{ role: 'user', content: 'x'.repeat(40_000) }], max_completion_tokens: 100 },
    headers,
  );
  expect(large.status).toBe(429);
  expect(large.headers.get('retry-after')).toBeNull();
  expect(await large.text()).toContain('small calls');
});

describe('a budget that asks a person', () => {
  const asking = { 'x-farthing-feature': 'asking' };
  const ask = async (token?: string, content = 'May I?') => {
    const response = await budgeted.chat(
      { messages: [{ role: 'user', content }] },
      { ...asking, ...(token === undefined ? {} : { 'x-farthing-acknowledge': token }) },
    );
    const body = (await response.json()) as { error?: { acknowledge?: string; message: string } };
    return { status: response.status, token: response.headers.get('x-farthing-acknowledge'), body };
  };

  test('answers 402 with a token; with it the same call passes, once', async () => {
    const refused = await ask();
    expect(refused.status).toBe(402);
    expect(refused.token).toBe(refused.body.error?.acknowledge);
    const token = refused.token!;
    expect((await ask(token)).status).toBe(200);
    const replayed = await ask(token);
    expect(replayed.status).toBe(402);
    expect(replayed.body.error?.message).toContain('used already');
  });

  test('takes no token of another request, and none that was made up', async () => {
    const { token } = await ask();
    expect((await ask(token!, 'May I do something else?')).status).toBe(402);
    expect((await ask(`${token!.slice(0, -2)}xx`)).status).toBe(402);
    expect((await ask('x')).status).toBe(402);
    expect((await ask(token!)).status).toBe(200);
  });

  test('reaches the OpenAI client as an error with the token in it, once', async () => {
    const before = await refusals();
    const call = budgeted.openai(asking).chat.completions.create({
      model: 'gpt-5-mini',
      messages: [{ role: 'user', content: 'And I?' }],
    });
    await expect(call).rejects.toMatchObject({
      status: 402,
      error: { acknowledge: expect.any(String) },
    });
    expect(await refusals()).toBe(before + 1);
  });
});
