import { formatUsd, parseUsdRounded, type Entry } from '@farthing/core';
import { afterEach, describe, expect, test } from 'vitest';
import { startGatewayUnderTest, type GatewayUnderTest } from '../support/gateway.js';

let gateway: GatewayUnderTest;
afterEach(() => gateway.close());

const messages = [{ role: 'user', content: 'Tell me a long story.' }];
const chat = { model: 'gpt-5-mini', messages };
const claude = { model: 'claude-sonnet-5', max_tokens: 300, messages };

interface Ending {
  name: string;
  path?: string;
  body?: object | string;
  headers?: Record<string, string>;
  /** Milliseconds after which the client leaves. */
  leaves?: number;
}

/** Every way in which a call can end. What it cost is known, or at least estimated. */
const endings: Ending[] = [
  { name: 'answered' },
  { name: 'answered at length', body: { ...chat, max_completion_tokens: 700 } },
  { name: 'streamed', body: { ...chat, stream: true } },
  { name: 'Anthropic', path: '/anthropic/v1/messages', body: claude },
  {
    name: 'Anthropic, streamed',
    path: '/anthropic/v1/messages',
    body: { ...claude, stream: true },
  },
  {
    name: 'Gemini',
    path: '/gemini/v1beta/models/gemini-2.5-flash:generateContent',
    body: { contents: [{ parts: [{ text: 'Hi' }] }] },
  },
  {
    name: 'embeddings',
    path: '/openai/v1/embeddings',
    body: { model: 'text-embedding-3-small', input: 'Hi' },
  },
  { name: 'provider fails', headers: { 'x-fake-fault': '500' } },
  { name: 'provider is busy', headers: { 'x-fake-fault': '429' } },
  { name: 'no answer', headers: { 'x-fake-fault': 'drop' } },
  { name: 'no provider', path: '/nowhere/v1/chat/completions' },
  { name: 'invalid request', body: '{"model": ' },
  {
    name: 'cut off',
    body: { ...chat, stream: true },
    headers: { 'x-fake-fault': 'cut', 'x-fake-cut-after': '10' },
  },
  {
    name: 'cut off, Anthropic',
    path: '/anthropic/v1/messages',
    body: { ...claude, stream: true },
    headers: { 'x-fake-fault': 'cut', 'x-fake-cut-after': '9' },
  },
  { name: 'client leaves before', headers: { 'x-fake-delay-ms': '400' }, leaves: 60 },
  {
    name: 'client leaves meanwhile',
    body: { ...chat, stream: true },
    headers: { 'x-fake-chunk-delay-ms': '5', 'x-fake-output-tokens': '200' },
    leaves: 90,
  },
];

/** Endings after which nobody knows what the call cost. */
const unknownEndings: Ending[] = [
  { name: 'no usage', headers: { 'x-fake-fault': 'no-usage' } },
  { name: 'contradictory usage', headers: { 'x-fake-fault': 'malformed-usage' } },
];

async function run({ path = '/openai/v1/chat/completions', body = chat, headers, leaves }: Ending) {
  const leave = new AbortController();
  const timer = leaves === undefined ? undefined : setTimeout(() => leave.abort(), leaves);
  try {
    const response = await fetch(gateway.url + path, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: 'Bearer k',
        'x-api-key': 'k',
        'x-goog-api-key': 'k',
        'anthropic-version': '2023-06-01',
        ...headers,
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
      signal: leave.signal,
    });
    await response.text();
    return response.status;
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

/** Many at a time, as callers come. */
async function runAll(
  all: readonly Ending[],
  atATime: number,
): Promise<Map<number | null, number>> {
  const statuses = new Map<number | null, number>();
  let next = 0;
  const caller = async () => {
    while (next < all.length) {
      const status = await run(all[next++]!);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: atATime }, caller));
  return statuses;
}

const repeated = (list: readonly Ending[], times: number) =>
  Array.from({ length: times }, () => list).flat();

const sumOf = (entries: readonly Entry[]) =>
  formatUsd(entries.reduce((sum, { cost }) => sum + parseUsdRounded(cost.usd ?? '0'), 0n));

const accounts = () =>
  Object.fromEntries(
    gateway
      .budgets()
      .flatMap(({ name, accounts: list }) =>
        list.map(({ measure, spent, held }) => [`${name} ${measure}`, { spent, held }]),
      ),
  );

const wide = { name: 'all', limit: { usd: 1_000, tokens: 1e9, calls: 1e6 }, window: 'total' };

describe('whatever becomes of a call', () => {
  test.each(['abort', 'drain'] as const)(
    'its hold ends with it, and balances are the sum of the books (clients that leave: %s)',
    async (on_client_abort) => {
      gateway = await startGatewayUnderTest({ budgets: [wide], gateway: { on_client_abort } });
      await runAll(repeated(endings, 65), 48);
      await expect.poll(() => accounts()['all usd']?.held, { timeout: 20_000 }).toBe('0');
      const entries = await gateway.entries();
      // A client that leaves early enough has not called.
      expect(entries.length).toBeGreaterThan(endings.length * 65 * 0.95);
      expect(entries).toHaveLength((await gateway.opened()).length);
      expect(new Set(entries.map(({ outcome }) => outcome))).toEqual(
        new Set(['ok', 'error', 'aborted', 'interrupted']),
      );
      const billed = entries.filter(({ cost }) => cost.status !== 'not_billed');
      expect(accounts()).toEqual({
        'all usd': { spent: sumOf(entries), held: '0' },
        'all tokens': { spent: expect.any(String), held: '0' },
        'all calls': { spent: String(billed.length), held: '0' },
      });
    },
  );

  test('its estimate stands beside what it took, and is what it is booked at when no answer came', async () => {
    gateway = await startGatewayUnderTest({ budgets: [wide] });
    await runAll(repeated(endings, 1), 4);
    for (const entry of await gateway.entries()) {
      expect(entry.estimate).toMatchObject({ method: 'bytes/4', basis: expect.any(String) });
      if (entry.model_requested !== null && entry.provider !== 'nowhere')
        expect(Number(entry.estimate!.usd)).toBeGreaterThan(0);
      if (entry.outcome !== 'aborted' || entry.http_status !== null) continue;
      expect(entry.usage!.tokens).toMatchObject({
        input_uncached: entry.estimate!.input_tokens,
        output: entry.estimate!.output_tokens,
      });
      expect(entry.cost.usd).toBe(entry.estimate!.usd);
    }
  });

  test('it counts as what it held while nobody knows what it cost', async () => {
    gateway = await startGatewayUnderTest({ budgets: [wide] });
    await runAll(repeated(unknownEndings, 20), 8);
    await expect.poll(() => accounts()['all usd']?.held).toBe('0');
    expect(sumOf(await gateway.entries())).toBe('0');
    // A cold start holds the most that a call can cost.
    expect(Number(accounts()['all usd']!.spent)).toBeGreaterThan(0.01);
    expect(accounts()['all calls']!.spent).toBe('40');
  });
});

describe('calls of the same moment at a limit', () => {
  test('are refused where nothing is left, and what was refused holds nothing', async () => {
    const budget = { ...wide, limit: { usd: '0.05', tokens: 1e9 } };
    gateway = await startGatewayUnderTest({ budgets: [budget] });
    const calls = repeated([endings[0]!, endings[2]!, endings[7]!, endings[12]!], 150);
    const statuses = await runAll(calls, 64);
    await expect.poll(() => accounts()['all usd']?.held, { timeout: 20_000 }).toBe('0');
    const entries = await gateway.entries();
    expect(statuses.get(429)).toBeGreaterThan(0);
    expect(entries).toHaveLength(calls.length - statuses.get(429)!);
    expect(accounts()['all usd']!.spent).toBe(sumOf(entries));
    expect(Number(sumOf(entries))).toBeLessThanOrEqual(0.05);
  });
});
