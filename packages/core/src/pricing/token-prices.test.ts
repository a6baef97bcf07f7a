import { expect, test } from 'vitest';
import { PriceBook } from './price-book.js';
import { ruleLayer, type PriceRule } from './price-rows.js';

const base = (rule: Omit<PriceRule, 'provider' | 'source'>): PriceRule => ({
  provider: 'openai',
  source: 'test',
  ...rule,
});
const book = new PriceBook([
  ruleLayer('base', 'test@1', [
    base({
      model: 'chat',
      complete: true,
      rates: { input: '2', output: '8', cache_read: '0.2', cache_write: '2.5' },
    }),
    base({
      model: 'chat',
      threshold: { op: 'gt', tokens: 200_000 },
      rates: { input: '4', output: '12' },
    }),
    base({ model: 'chat', when: { service_tier: 'flex' }, multiply: { tokens: '0.5' } }),
    base({ model: 'by-contract', rates: { input: '1', output: '1' }, contract: 'ask sales' }),
    base({ model: 'hardware', rates: { gpu_seconds: '3' } }),
  ]),
]);
const ask = (model: string, inputTokens = 1_000, service_tier?: string) =>
  book.tokenPrices({
    provider: 'openai',
    model,
    at: 0,
    inputTokens,
    ...(service_tier === undefined ? {} : { modifiers: { service_tier } }),
  });

test('a token has its price before the call is made, by the size and the tier of the call', () => {
  expect(ask('chat')).toEqual({
    input: 2_000_000n,
    cacheRead: 200_000n,
    cacheWrite: 2_500_000n,
    cacheWrite1h: 2_500_000n,
    output: 8_000_000n,
  });
  expect(ask('chat', 200_001)).toMatchObject({ input: 4_000_000n, output: 12_000_000n });
  expect(ask('chat', 1_000, 'flex')).toMatchObject({ input: 1_000_000n, output: 4_000_000n });
});

test('what has no public price per token has none', () => {
  expect(ask('unheard-of')).toBeNull();
  expect(ask('chat', 1_000, 'priority')).toBeNull();
  expect(ask('by-contract')).toBeNull();
  expect(ask('hardware')).toBeNull();
});

test('calls that answer with vectors need no price of output, others do', () => {
  const vectors = new PriceBook([
    ruleLayer('base', 'test@1', [base({ model: 'vectors', rates: { input: '0.02' } })]),
  ]);
  const question = { provider: 'openai', model: 'vectors', at: 0, inputTokens: 10 };
  expect(vectors.tokenPrices({ ...question, hasOutput: false })).toMatchObject({
    input: 20_000n,
    output: 0n,
  });
  expect(vectors.tokenPrices(question)).toBeNull();
});
