import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBudgeted, type Budgeted } from '../support/budgeted.js';

const budgets = [
  {
    name: 'cheap enough',
    scope: { feature: 'chain' },
    call: { max: '0.0005' },
    actions: ['downgrade', 'block'],
    downgrade: ['gpt-5', 'gpt-5-mini', 'gpt-5-nano'],
  },
  {
    name: 'short answers',
    scope: { feature: 'short' },
    call: { output_tokens: 40 },
  },
  {
    name: 'short prompts',
    scope: { feature: 'long' },
    call: { input_tokens: 4_000 },
    actions: ['truncate', 'block'],
  },
  { name: 'soft', scope: { feature: 'soft' }, limit: { calls: 5 }, soft: 0.5, window: 'total' },
  { name: 'watched', scope: { feature: 'watched' }, limit: { calls: 1 }, actions: ['warn'] },
];

let budgeted: Budgeted;
beforeAll(async () => {
  budgeted = await startBudgeted(budgets);
});
afterAll(() => budgeted?.close());

const entryOf = async (response: Response) => {
  await budgeted.installation.untilBooked();
  const id = response.headers.get('x-farthing-call-id');
  return (await budgeted.installation.entries()).find((entry) => entry.id === id)!;
};
const lastSent = () => budgeted.provider.received().at(-1)!;
const of = (feature: string, more = {}) => ({ 'x-farthing-feature': feature, ...more });

describe('a call that is too dear', () => {
  const dear = { model: 'gpt-5', max_completion_tokens: 200 };

  test('goes to the first model of the chain that fits, and says so', async () => {
    const response = await budgeted.chat(dear, of('chain'));
    const answer = (await response.json()) as { model: string };
    expect(response.status).toBe(200);
    expect(response.headers.get('x-farthing-model')).toBe('gpt-5-mini');
    expect(answer.model).toContain('gpt-5-mini');
    const entry = await entryOf(response);
    expect(entry.model_requested).toBe('gpt-5-mini');
    expect(entry.model).toContain('gpt-5-mini');
    expect(Number(entry.estimate!.usd)).toBeLessThanOrEqual(0.0005);
    expect(
      await budgeted.metric('farthing_budget_decisions_total', {
        budget: 'cheap enough',
        action: 'downgrade',
      }),
    ).toBeGreaterThan(0);
  });

  test('is refused when its client forbids changes', async () => {
    const response = await budgeted.chat(dear, of('chain', { 'x-farthing-adapt': 'never' }));
    expect(response.status).toBe(429);
    await response.text();
  });

  test('goes out as it came when it fits', async () => {
    const body = { model: 'gpt-5-nano', max_completion_tokens: 200 };
    const response = await budgeted.chat(body, of('chain'));
    await response.text();
    expect(response.headers.get('x-farthing-model')).toBeNull();
    const messages = [{ role: 'user', content: 'Say something about money.' }];
    const plain = JSON.stringify({ ...body, messages });
    expect(lastSent().bodyBytes).toBe(plain.length);
  });
});

describe('a limit on answers', () => {
  test.each([
    ['openai/v1/chat/completions', { model: 'gpt-5-mini', max_completion_tokens: 900 }],
    ['openai/v1/chat/completions', { model: 'gpt-5-mini' }],
    ['anthropic/v1/messages', { model: 'claude-sonnet-5', max_tokens: 900 }],
  ])('is set in the request: %s %o', async (path, body) => {
    const response = await fetch(`${budgeted.installation.gatewayUrl}/${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-api-key': 'k',
        authorization: 'Bearer k',
        'anthropic-version': '2023-06-01',
        'x-fake-output-tokens': '500',
        ...of('short'),
      },
      body: JSON.stringify({ ...body, messages: [{ role: 'user', content: 'Tell me all.' }] }),
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('x-farthing-max-output')).toBe('40');
    await response.text();
    expect((await entryOf(response)).usage!.tokens.output).toBe(40);
  });

  test('leaves a request alone that asks for less', async () => {
    const response = await budgeted.chat({ max_completion_tokens: 30 }, of('short'));
    await response.text();
    expect(response.headers.get('x-farthing-max-output')).toBeNull();
  });

  test('refuses a client that forbids changes, unless it asks for less', async () => {
    const adapt = of('short', { 'x-farthing-adapt': 'never' });
    const more = await budgeted.chat({ max_completion_tokens: 900 }, adapt);
    const less = await budgeted.chat({ max_completion_tokens: 30 }, adapt);
    await Promise.all([more.text(), less.text()]);
    expect([more.status, less.status]).toEqual([429, 200]);
  });
});

describe('a history of 4,200 tokens where 4,000 are allowed', () => {
  // 4 bytes to a token, until something better is learned.
  const turn = (index: number) => [
    { role: 'user', content: `Question ${index}: ${'what else? '.repeat(50)}` },
    { role: 'assistant', content: `Answer ${index}: ${'that as well. '.repeat(45)}` },
  ];
  const messages = [
    { role: 'system', content: 'You answer briefly.' },
    ...Array.from({ length: 13 }, (_, index) => turn(index)).flat(),
    { role: 'user', content: 'And what was the first thing that I asked?' },
  ];
  const bytes = JSON.stringify({ model: 'gpt-5-mini', messages }).length;

  test('is shortened from its beginning and answered', async () => {
    expect(bytes / 4).toBeGreaterThan(4_000);
    const response = await budgeted.chat({ messages }, of('long'));
    expect(response.status).toBe(200);
    expect(response.headers.get('x-farthing-budget-warning')).toContain(
      'the oldest part of the history was left out',
    );
    await response.text();
    const { bodyBytes } = lastSent();
    expect(bodyBytes / 4).toBeLessThanOrEqual(4_000);
    // No more goes than must.
    expect(bodyBytes / 4).toBeGreaterThan(3_300);
    expect((await entryOf(response)).estimate!.input_tokens).toBeLessThanOrEqual(4_000);
  });

  test('is refused when its client forbids changes', async () => {
    const response = await budgeted.chat({ messages }, of('long', { 'x-farthing-adapt': 'never' }));
    expect(response.status).toBe(429);
    await response.text();
  });
});

test('a soft limit warns once, and lets pass what is below the hard one', async () => {
  const said: [number, string | null][] = [];
  for (let call = 0; call < 6; call++) {
    const response = await budgeted.chat({}, of('soft'));
    await response.text();
    said.push([response.status, response.headers.get('x-farthing-budget-warning')]);
  }
  expect(said.map(([status]) => status)).toEqual([200, 200, 200, 200, 200, 429]);
  expect(said.filter(([, warning]) => warning !== null)).toEqual([
    [200, 'budget "soft" is nearly used up'],
  ]);
});

test('a budget that only watches warns with every call above its limit', async () => {
  for (const expected of ['is nearly used up', 'is used up', 'is used up']) {
    const response = await budgeted.chat({}, of('watched'));
    await response.text();
    expect(response.status).toBe(200);
    expect(response.headers.get('x-farthing-budget-warning')).toBe(`budget "watched" ${expected}`);
  }
});
