import { describe, expect, test } from 'vitest';
import { listLayers, priceCall } from '../../test-support/priced-call.js';
import { emptyTokens } from '../usage/usage.js';
import { PriceBook } from './price-book.js';

const fallback = { provider: 'acme', model: 'anvil' };
const book = new PriceBook(listLayers(), { fallback });
const tokens = { input_uncached: 1_000_000 };

describe('a fallback for unknown models', () => {
  test('prices them as that model, says so, and shows its row', () => {
    const cost = priceCall(book, { provider: 'forge', model: 'tongs-1', tokens });
    expect(cost).toMatchObject({
      usd: '2',
      status: 'partial',
      price: { provider: 'acme', model: 'anvil-1' },
    });
    expect(cost.reason).toMatch(/tongs-1.*forge.*acme\/anvil/);
    expect(priceCall(book, { model: null, tokens })).toMatchObject({
      usd: '2',
      reason: expect.stringMatching(/names no model/),
    });
  });

  test('is for nested models too', () => {
    const nested = ['x-1', 'x-2'].map((model) => ({
      model,
      tokens: { ...emptyTokens(), input_uncached: 500_000 },
    }));
    const cost = priceCall(book, { tokens, usage: { nested } });
    expect(cost).toMatchObject({ usd: '4', status: 'partial' });
    expect(cost.charges.map(({ model }) => model)).toEqual([undefined, 'x-1', 'x-2']);
    expect(cost.reason).toMatch(/x-1.*x-2/);
  });

  test('leaves known models alone, and is never set by itself', () => {
    expect(priceCall(book, { tokens })).toMatchObject({ status: 'priced' });
    const strict = new PriceBook(listLayers());
    expect(priceCall(strict, { model: 'tongs-1', tokens }).usd).toBeNull();
  });

  test('must be known itself', () => {
    const unknown = { provider: 'acme', model: 'anvli-1' };
    expect(() => new PriceBook(listLayers(), { fallback: unknown })).toThrow(
      /"acme\/anvli-1" is no known model.*Did you mean "acme\/anvil-1"/,
    );
  });
});
