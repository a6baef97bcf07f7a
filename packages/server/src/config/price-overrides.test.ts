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
const price = (prices: unknown) =>
  defaultPriceBook(priceOverrides(configSchema.parse({ prices }))).price({
    provider: 'openai',
    api: 'chat.completions',
    model: 'house-model-1',
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

test('a row that is no price names the field', () => {
  expect(() => price([{ provider: 'openai', model: 'x' }])).toThrow(/rates_per_mtok/);
});
