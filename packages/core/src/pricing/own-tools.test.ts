import { describe, expect, test } from 'vitest';
import { listLayers, priceCall } from '../../test-support/priced-call.js';
import { PriceBook } from './price-book.js';
import { readPriceFile } from './price-file/read-price-file.js';
import { ruleLayer } from './price-rows.js';

const file = readPriceFile(
  {
    prices: [{ provider: 'acme', discount: '0.5' }],
    tools: {
      web_lookup: { price: '0.005' },
      translation: [
        { price: '2', per: 1_000 },
        { price: '3', per: 1_000, effective_from: '2026-06-01' },
      ],
    },
  },
  'farthing.yaml',
);
const book = new PriceBook([
  ...listLayers(),
  ruleLayer('override', 'farthing.yaml', file.rules, file.tools),
]);
const uses = (units: Record<string, number>) => ({ usage: { units } });

describe('a paid tool of one’s own', () => {
  test('is a charge of its own kind beside the tokens; discounts of the provider are not for it', () => {
    const cost = priceCall(book, { tokens: { output: 100 }, ...uses({ 'tool:web_lookup': 3 }) });
    expect(cost).toMatchObject({ usd: '0.0155', list_usd: '0.016', status: 'priced' });
    expect(cost.charges.at(-1)).toEqual({
      kind: 'tool:web_lookup',
      quantity: 3,
      rate_usd: '0.005',
      per: 1,
      amount_usd: '0.015',
    });
  });

  test('is priced at the call’s own time', () => {
    const usdAt = (at: string) => priceCall(book, { at, ...uses({ 'tool:translation': 500 }) }).usd;
    expect(usdAt('2026-05-31T23:59:59Z')).toBe('1');
    expect(usdAt('2026-06-01T00:00:00Z')).toBe('1.5');
  });

  test.each([null, 'nobody-knows-1'])('has its price whatever the model is: %j', (model) => {
    expect(priceCall(book, { model, ...uses({ 'tool:web_lookup': 1 }) })).toMatchObject({
      usd: '0.005',
      status: 'priced',
      source: 'override',
      price: { book: 'farthing.yaml', provider: 'tools', model: 'web_lookup' },
    });
  });

  test('does not make an unknown model’s tokens known', () => {
    const call = { model: 'nobody-knows-1', tokens: { output: 1 } };
    expect(priceCall(book, { ...call, ...uses({ 'tool:web_lookup': 1 }) }).usd).toBeNull();
  });

  test('without a price leaves the cost lacking, and says what to add', () => {
    const cost = priceCall(book, { tokens: { output: 100 }, ...uses({ 'tool:maps': 2 }) });
    expect(cost).toMatchObject({ usd: '0.0005', status: 'partial' });
    expect(cost.reason).toMatch(/tool:maps.*`tools`/);
    expect(priceCall(book, { model: null, ...uses({ 'tool:maps': 2 }) })).toMatchObject({
      usd: null,
      reason: expect.stringMatching(/tool:maps/),
    });
  });

  test('that was not used costs nothing and asks for nothing', () => {
    const cost = priceCall(book, { tokens: { output: 100 }, ...uses({ 'tool:maps': 0 }) });
    expect(cost.status).toBe('priced');
  });
});
