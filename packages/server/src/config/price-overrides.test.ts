import { emptyTokens } from '@farthing/core';
import { defaultPriceBook } from '@farthing/core/prices';
import { expect, test } from 'vitest';
import { priceOverrides } from './price-overrides.js';
import { configSchema } from './schema.js';

const usage = {
  tokens: { ...emptyTokens(), input_uncached: 1_000_000, output: 1_000_000 },
  details: {},
  units: {},
  modifiers: {},
  estimated: false,
  raw: null,
  notes: [],
};
const price = (prices: unknown, model = 'house-model-1') =>
  defaultPriceBook(priceOverrides(configSchema.parse({ prices }))).price({
    provider: 'openai',
    api: 'chat.completions',
    model,
    at: '2026-11-01T00:00:00Z',
    reading: { status: 'ok', usage },
  });

test('a model that the list does not know gets its price from farthing.yaml', () => {
  expect(price([])).toMatchObject({ usd: null, status: 'unknown_model' });
  const rates_per_mtok = { input: '0.5', output: '2.25' };
  expect(price([{ provider: 'openai', model: 'house-model-1', rates_per_mtok }])).toMatchObject({
    usd: '2.75',
    status: 'priced',
    source: 'override',
  });
});

test('a row that is no price names the field, and several are named at once', () => {
  const message = () =>
    price([
      { provider: 'openai', model: 'x' },
      { provider: 'openai', discount: 'much' },
    ]);
  expect(message).toThrow(/row 1 \(openai\/x\).*rates_per_mtok/);
  expect(message).toThrow(/row 2 \(openai\).*discount/);
});

test('a model that is another one under a house name costs what that one does', () => {
  const twin = { provider: 'openai', model: 'house-model-1', same_as: 'gpt-4.1' };
  expect(price([twin]).usd).toBe(price([], 'gpt-4.1').usd);
  expect(() => price([{ ...twin, same_as: 'gpt-4.11' }])).toThrow(/same_as.*gpt-4\.1/);
});

test('paid tools of one’s own have prices', () => {
  const config = configSchema.parse({ tools: { web_lookup: { price: '0.005' } } });
  expect(priceOverrides(config)).toMatchObject([
    { tools: [{ name: 'web_lookup', price: '0.005' }] },
  ]);
  expect(() =>
    priceOverrides(configSchema.parse({ tools: { web_lookup: { price: 'free' } } })),
  ).toThrow(/tools\.web_lookup: price/);
});
