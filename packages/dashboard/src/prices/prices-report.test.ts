import type { EffectiveRate, ModelPriceRow, PriceView } from '@farthing/core';
import { expect, test } from 'vitest';
import {
  candidates,
  conditionsOf,
  effectsOf,
  inOrder,
  matching,
  matchOf,
  readModelName,
  unpricedFirst,
} from './prices-report.js';

const row = (part: Partial<ModelPriceRow>) =>
  ({
    provider: 'openai',
    model: 'gpt-5',
    source: 'list',
    layer: 'base',
    book: 'b',
    ...part,
  }) as ModelPriceRow;

test('what was typed is looked for in provider and model, word by word', () => {
  const models = [
    { provider: 'openai', model: 'gpt-5-mini', calls: 1, cost: '1', unpriced: 0 },
    { provider: 'anthropic', model: 'claude-haiku-4-5', calls: 1, cost: '1', unpriced: 0 },
  ];
  const found = (typed: string) => matching(models, typed).map(({ model }) => model);
  expect(found('Mini open')).toEqual(['gpt-5-mini']);
  expect(found('')).toHaveLength(2);
  expect(found('gemini')).toEqual([]);
});

test.each([
  ['openai/gpt-5', { provider: 'openai', model: 'gpt-5' }],
  ['openrouter/meta-llama/llama-3.3', { provider: 'openrouter', model: 'meta-llama/llama-3.3' }],
  ['gpt-5', null],
  ['openai/', null],
  ['/gpt-5', null],
])('%s names %j', (text, name) => {
  expect(readModelName(text)).toEqual(name);
});

test('rates stand as prices are published: input, cache, output, the rest', () => {
  const rates = ['web_searches', 'output', 'cache_read', 'audio_seconds', 'input'];
  expect(inOrder(rates.map((unit) => ({ unit }) as EffectiveRate)).map(({ unit }) => unit)).toEqual(
    ['input', 'cache_read', 'output', 'audio_seconds', 'web_searches'],
  );
});

test('conditions and effects are put into words', () => {
  expect(conditionsOf(row({}))).toEqual([]);
  expect(
    conditionsOf(
      row({
        when: { service_tier: 'batch' },
        threshold: { op: 'gt', tokens: 200_000 },
        daily: { start: '16:30', end: '00:30', days: [1, 5] },
      }),
    ),
  ).toEqual(['service tier: batch', 'prompts over 200,000 tokens', '16:30–00:30 UTC, Mon, Fri']);
  expect(effectsOf(row({ rates: { input: '2.5' }, multiply: { tokens: '0.5' } }))).toEqual([
    ['input', '$2.5'],
    ['tokens', '× 0.5'],
  ]);
});

test('says how the model was found, and whose list it stands on', () => {
  const view = {
    provider: 'azure',
    owner: 'openai',
    model: 'gpt-5',
    matched_id: 'gpt-5',
    match: 'exact',
  } as PriceView;
  expect(matchOf(view)).toBe('Listed under this id. The price list is that of openai.');
});

const booked = (provider: string, model: string, unpriced = 0) => ({
  provider,
  model,
  calls: 1,
  cost: null,
  unpriced,
});

test('models that lack a price come first, and nothing else changes place', () => {
  const models = [booked('a', '1'), booked('a', '2', 3), booked('a', '3'), booked('a', '4', 1)];
  expect(
    unpricedFirst(models)
      .map(({ model }) => model)
      .join(''),
  ).toBe('2413');
});

test('a model that was never called is asked for at every provider that may have it', () => {
  const providers = (typed: string) =>
    candidates(typed, [booked('groq', 'llama'), booked('openai', 'gpt-5')]).map(
      ({ provider }) => provider,
    );
  expect(providers('gpt-4o')).toEqual(['groq', 'openai', 'anthropic', 'gemini']);
  expect(providers('azure/gpt-4o')).toEqual(['azure']);
  expect(providers(' ')).toEqual([]);
  expect(providers('openai/')).toEqual([]);
});
