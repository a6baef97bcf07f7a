import { parseUsd, formatUsd, readUsage } from '@farthing/core';
import { defaultPriceBook } from '@farthing/core/prices';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startFakeProvider, type FakeProvider } from './index.js';
import { Random } from './random.js';
import { rateCard } from './rate-card.js';

/**
 * Two meters that share no code, one bill: Farthing's reading and pricing of the answers against
 * the books that the provider keeps.
 */

let provider: FakeProvider;
beforeAll(async () => {
  provider = await startFakeProvider({ seed: 'meters' });
});
afterAll(() => provider.close());

const prices = defaultPriceBook();
const random = new Random('meters');
const messages = [{ role: 'user', content: 'How much is it?' }];
const parts = [{ text: 'How much is it?' }];

interface Request {
  provider: 'openai' | 'anthropic' | 'google';
  api: string;
  path: string;
  body: Record<string, unknown>;
  headers: Record<string, string>;
}

function drawRequest(): Request {
  const listing = random.pick(rateCard);
  const { model } = listing;
  const stream = random.chance(0.5);
  // Some prompts lie around the thresholds of long-context rates.
  const threshold = random.pick([200_000, 272_000]);
  const inputTokens = random.chance(0.3)
    ? threshold + random.integer(-1, 1)
    : Math.round(random.lognormal(3_000, 1.5));
  const headers = {
    'x-fake-input-tokens': String(inputTokens),
    'x-fake-cached-tokens': String(random.chance(0.5) ? random.integer(0, inputTokens) : 0),
    'x-fake-output-tokens': String(random.integer(1, 60)),
  };
  const request = (
    name: Request['provider'],
    api: string,
    path: string,
    body: Record<string, unknown>,
  ): Request => ({ provider: name, api, path, body, headers });
  if (listing.embeddingDimensions !== undefined) {
    return listing.provider === 'openai'
      ? request('openai', 'embeddings', '/v1/embeddings', { model, input: 'x', dimensions: 2 })
      : drawRequest();
  }
  const search = random.chance(0.2);
  switch (listing.provider) {
    case 'anthropic':
      return request('anthropic', 'messages', '/v1/messages', {
        model,
        stream,
        max_tokens: 1_000,
        system: [
          {
            type: 'text',
            text: 'Be brief. '.repeat(600),
            cache_control: { type: 'ephemeral', ttl: random.pick(['5m', '1h']) },
          },
        ],
        messages,
        inference_geo: random.pick(['us', 'global']),
        ...(random.chance(0.3) ? { thinking: { type: 'adaptive' } } : {}),
        ...(search ? { tools: [{ type: 'web_search_20250305', name: 'web_search' }] } : {}),
      });
    case 'gemini': {
      const verb = stream ? 'streamGenerateContent?alt=sse' : 'generateContent';
      return request('google', 'generateContent', `/v1beta/models/${model}:${verb}`, {
        contents: [{ role: 'user', parts }],
      });
    }
    default: {
      const tier = { service_tier: random.pick(['auto', 'flex', 'priority']) };
      return random.chance(0.5)
        ? request('openai', 'chat.completions', '/v1/chat/completions', {
            model,
            messages,
            stream,
            stream_options: { include_usage: true },
            ...tier,
          })
        : request('openai', 'responses', '/v1/responses', {
            model,
            input: 'How much is it?',
            stream,
            ...tier,
            ...(search ? { tools: [{ type: 'web_search' }] } : {}),
          });
    }
  }
}

async function meter(
  request: Request,
): Promise<{ usd: string | null; status: string; model: string }> {
  const response = await fetch(provider.url + request.path, {
    method: 'POST',
    headers: { authorization: 'Bearer sk-meter', ...request.headers },
    body: JSON.stringify(request.body),
  });
  const text = await response.text();
  expect(response.status, text).toBe(200);
  const payload = response.headers.get('content-type')!.startsWith('text/event-stream')
    ? { events: eventsOf(text) }
    : (JSON.parse(text) as unknown);
  const reading = readUsage({ provider: request.provider, api: request.api, payload });
  const model = 'model' in reading ? (reading.model ?? '') : '';
  const cost = prices.price({
    provider: request.provider,
    api: request.api,
    model: model === '' ? null : model,
    at: Date.now(),
    reading,
  });
  return { usd: cost.usd, status: cost.status, model };
}

function eventsOf(text: string): unknown[] {
  return text
    .split(/\r?\n\r?\n/)
    .flatMap((event) => /(?:^|\n)data: (\{.*\})$/s.exec(event)?.[1] ?? [])
    .map((data) => JSON.parse(data) as unknown);
}

test('both meters bill the same, model by model, to the last picodollar', async () => {
  const metered = new Map<string, bigint>();
  for (let round = 0; round < 1_500; round++) {
    const request = drawRequest();
    const { usd, status, model } = await meter(request);
    expect(status, JSON.stringify(request)).toBe('priced');
    metered.set(model, (metered.get(model) ?? 0n) + parseUsd(usd!));
  }
  const billed = new Map<string, bigint>();
  for (const line of provider.books.report().lines) {
    expect(line.outcome).toBe('completed');
    billed.set(line.model, (billed.get(line.model) ?? 0n) + parseUsd(line.usd!));
  }
  const readable = (sums: Map<string, bigint>): [string, string][] =>
    [...sums].sort(([a], [b]) => a.localeCompare(b)).map(([model, sum]) => [model, formatUsd(sum)]);
  expect(billed.size).toBeGreaterThan(40);
  expect(readable(metered)).toEqual(readable(billed));
});
