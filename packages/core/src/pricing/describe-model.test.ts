import { describe, expect, test } from 'vitest';
import { listLayers } from '../../test-support/priced-call.js';
import { PriceBook } from './price-book.js';
import { readPriceFile } from './price-file/read-price-file.js';
import { ruleLayer } from './price-rows.js';
import { defaultPriceBook } from './snapshot/index.js';

const rows = [
  { provider: 'acme', discount: '0.15', effective_from: '2026-06-01', note: 'deal 7' },
  { provider: 'acme', model: 'our-model', same_as: 'anvil-1' },
];
const book = new PriceBook([
  ...listLayers(),
  ruleLayer('override', 'farthing.yaml', readPriceFile(rows, 'farthing.yaml').rules),
]);

describe('what a book says about a model', () => {
  test('is every row in the order in which they apply, with layer, dates and source', () => {
    const anvil = book.describe('acme', 'anvil-1');
    expect(anvil).toMatchObject({ provider: 'acme', model: 'anvil-1', owner: 'acme' });
    expect(anvil?.aliases).toEqual(['anvil', 'anvil-1-20260101']);
    expect(anvil?.rows).toMatchObject([
      { layer: 'base', book: 'list@1', rates: { input: '2' }, complete: true },
      { layer: 'overlay', when: { service_tier: 'batch' }, multiply: { tokens: '0.5' } },
      { layer: 'overlay', when: { scope: 'regional' } },
      {
        layer: 'override',
        book: 'farthing.yaml',
        from: '2026-06-01',
        multiply: { all: '0.85' },
        source: 'farthing.yaml: deal 7',
      },
    ]);
  });

  test('is the rates in force at a time, beside the list', () => {
    const anvil = book.describe('acme', 'anvil-1');
    const rateOf = (at: string, service_tier?: string) =>
      anvil
        ?.ratesAt({ at, ...(service_tier === undefined ? {} : { conditions: { service_tier } }) })
        .rates.find(({ unit }) => unit === 'input');
    expect(rateOf('2026-05-01')).toEqual({
      unit: 'input',
      rate_usd: '2',
      per: 1_000_000,
      source: 'base',
      price: { book: 'list@1', provider: 'acme', model: 'anvil-1' },
    });
    expect(rateOf('2026-06-01')).toMatchObject({
      rate_usd: '1.7',
      list_rate_usd: '2',
      source: 'override',
      price: { book: 'farthing.yaml', effective_from: '2026-06-01' },
    });
    expect(rateOf('2026-06-01', 'batch')).toMatchObject({ rate_usd: '0.85', list_rate_usd: '1' });
    expect(() => anvil?.ratesAt({ at: 'soon' })).toThrow(/ISO 8601/);
  });

  test.each([
    ['acme', 'anvil-1', 'exact', 'anvil-1'],
    ['acme', 'Anvil', 'alias', 'anvil'],
    ['acme', 'anvil-1-20260707', 'dated_suffix', 'anvil-1'],
    ['acme', 'acme/anvil-1', 'prefix', 'anvil-1'],
    ['reseller', 'anvil-1', 'exact', 'anvil-1'],
    ['acme', 'our-model', 'same_as', 'our-model'],
  ])('says how %s/%s was found: %s', (provider, model, match, matched_id) => {
    expect(book.describe(provider, model)).toMatchObject({ match, matched_id, owner: 'acme' });
  });

  test('is nothing about a model that no list has', () => {
    expect(book.describe('acme', 'anvil-2')).toBeNull();
    expect(book.describe('nobody', 'anvil-1')).toBeNull();
  });
});

describe('the models of a book', () => {
  test('can be listed, of one provider or of all', () => {
    expect(book.models('acme')).toEqual([
      { provider: 'acme', model: 'anvil-1' },
      { provider: 'acme', model: 'our-model' },
    ]);
    expect(book.models()).toContainEqual({ provider: 'forge', model: 'hammer-9' });
    expect(defaultPriceBook().models().length).toBeGreaterThan(1_000);
  });

  test('can be suggested: the nearest id, else the provider that has that very id', () => {
    expect(book.suggest('acme', 'anvli-1')).toEqual({ provider: 'acme', model: 'anvil-1' });
    expect(book.suggest('nobody', 'hammer-9')).toEqual({ provider: 'forge', model: 'hammer-9' });
    expect(book.suggest('acme', 'something-else-entirely')).toBeNull();
    expect(defaultPriceBook().suggest('openai', 'gpt-4.l')?.model).toBe('gpt-4.1');
  });
});
