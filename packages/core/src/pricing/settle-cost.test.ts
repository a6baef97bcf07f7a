import { expect, test } from 'vitest';
import { readUsage } from '../usage/read-usage.js';
import { defaultPriceBook } from './snapshot/default-price-book.js';

const book = defaultPriceBook();

function price(provider: string, model: string, usage: object) {
  const reading = readUsage({
    provider,
    api: 'chat.completions',
    payload: { id: 'c', model, choices: [], usage },
  });
  return book.price({
    provider,
    api: 'chat.completions',
    model,
    at: '2026-11-20T12:00:00Z',
    reading,
  });
}

test('a stated cost that no call can have is left out, and what was computed stands', () => {
  const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15, cost: 10_000_000 };
  const cost = price('openrouter', 'openai/gpt-4o', usage);
  expect(cost).toMatchObject({ usd: '0.000075', status: 'partial' });
  expect(cost.reported_usd).toBeUndefined();
  expect(cost.reason).toMatch(/more than 9\.2 million USD in usage\.cost/);
});

test.each([
  ['openai', { prompt_tokens: 10, completion_tokens: 5, prompt_tokens_details: 'none' }],
  ['openai', { prompt_tokens: 10, completion_tokens: 5, completion_tokens_details: [3] }],
])('a breakdown of %s that cannot be read leaves the price uncertain', (provider, usage) => {
  const cost = price(provider, 'gpt-4o', usage);
  expect(cost.status).toBe('partial');
  expect(cost.reason).toMatch(/_tokens_details cannot be read/);
});
