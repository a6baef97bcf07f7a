import { describe, expect, test } from 'vitest';
import { listLayers, priceCall } from '../../test-support/priced-call.js';
import { PriceBook } from './price-book.js';
import { readPriceFile } from './price-file/read-price-file.js';
import { ruleLayer } from './price-rows.js';

const bookWith = (...rows: object[]) =>
  new PriceBook([
    ...listLayers(),
    ruleLayer('override', 'ours', readPriceFile(rows, 'ours').rules),
  ]);
const tokens = { input_uncached: 1_000_000, output: 1_000_000 };
const twin = { provider: 'acme', model: 'our-deployment', same_as: 'anvil-1' };

describe('a model that is declared the same as a known one', () => {
  test('costs what that one costs, in every tier', () => {
    const book = bookWith(twin);
    expect(priceCall(book, { model: 'our-deployment', tokens })).toMatchObject({
      usd: '12',
      status: 'priced',
      source: 'base',
      price: { book: 'list@1', provider: 'acme', model: 'anvil-1' },
    });
    const usage = { modifiers: { service_tier: 'batch' } };
    expect(priceCall(book, { model: 'our-deployment', tokens, usage }).usd).toBe('6');
  });

  test('may be of another provider, whose tiers and own rows it then follows', () => {
    const book = bookWith(
      { provider: 'our-proxy', model: 'fast', same_as: 'acme/anvil-1' },
      { provider: 'acme', discount: '0.5' },
    );
    const call = { provider: 'our-proxy', model: 'fast', tokens };
    const usage = { modifiers: { service_tier: 'batch' } };
    expect(priceCall(book, call)).toMatchObject({ usd: '6', list_usd: '12' });
    expect(priceCall(book, { ...call, usage }).usd).toBe('3');
  });

  test('may have rates and discounts of its own over those', () => {
    const book = bookWith(
      { ...twin, rates_per_mtok: { output: '5' } },
      { provider: 'acme', model: 'our-*', discount: '0.5' },
    );
    expect(priceCall(book, { model: 'our-deployment', tokens })).toMatchObject({
      usd: '3.5',
      list_usd: '12',
    });
    expect(priceCall(book, { tokens }).usd).toBe('12');
  });

  test('may be a twin of a twin', () => {
    const book = bookWith(twin, { provider: 'acme', model: 'ours-2', same_as: 'our-deployment' });
    expect(priceCall(book, { model: 'ours-2', tokens }).usd).toBe('12');
    expect(book.describe('acme', 'ours-2')).toMatchObject({
      match: 'same_as',
      model: 'anvil-1',
      same_as: { provider: 'acme', model: 'anvil-1' },
    });
  });

  test('is never guessed: the target stands in a list as it is written', () => {
    const book = bookWith({ ...twin, same_as: 'anvil-1-20300101' });
    const cost = priceCall(book, { model: 'our-deployment', tokens });
    expect(cost).toMatchObject({ usd: null, status: 'unknown_model' });
    expect(cost.reason).toMatch(/"our-deployment".*"anvil-1-20300101".*no price list/);
  });

  test('in a circle is unknown', () => {
    const rule = { provider: 'acme', source: 'test' };
    const layer = ruleLayer('override', 'ours', [
      { ...rule, model: 'a', same_as: 'b' },
      { ...rule, model: 'b', same_as: 'a' },
    ]);
    const book = new PriceBook([...listLayers(), layer]);
    expect(priceCall(book, { model: 'a', tokens }).status).toBe('unknown_model');
  });
});
