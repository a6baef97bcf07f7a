import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anvil, listLayers, priceCall } from '../../test-support/priced-call.js';
import { formatUsd, parseUsd } from '../money.js';
import type { TokenBuckets } from '../usage/usage.js';
import { PriceBook } from './price-book.js';
import { ruleLayer, type PriceRule } from './price-rows.js';
import { readPriceFile } from './price-file/read-price-file.js';

const bookWith = (...rows: object[]) =>
  new PriceBook([
    ...listLayers(),
    ruleLayer('override', 'farthing.yaml', readPriceFile(rows, 'farthing.yaml').rules),
  ]);
const million = { input_uncached: 1_000_000 };
const own = { provider: 'acme', model: 'anvil-1' };

const count = fc.nat(2_000_000);
const tokens: fc.Arbitrary<TokenBuckets> = fc.record({
  input_uncached: count,
  cache_read: count,
  cache_write: count,
  cache_write_5m: count,
  cache_write_1h: count,
  output: count,
});

describe('list and contracted cost', () => {
  test('stand side by side, for the call and for every charge, where they differ', () => {
    const book = bookWith({ ...own, rates_per_mtok: { output: '8' } });
    const cost = priceCall(book, { tokens: { input_uncached: 1_000, output: 100 } });
    expect(cost).toMatchObject({ usd: '0.0028', list_usd: '0.003', source: 'override' });
    const [input, output] = cost.charges;
    expect(input).not.toHaveProperty('list_rate_usd');
    expect(output).toMatchObject({
      rate_usd: '8',
      amount_usd: '0.0008',
      list_rate_usd: '10',
      list_amount_usd: '0.001',
    });
  });

  test('without rows of one’s own there is one cost only', () => {
    const cost = priceCall(new PriceBook(listLayers()), { tokens: million });
    expect(cost).not.toHaveProperty('list_usd');
    expect(cost.charges[0]).not.toHaveProperty('list_rate_usd');
  });

  test('rows that state the list price change nothing', () => {
    const book = bookWith({ ...own, rates_per_mtok: { input: '2.00' } });
    expect(priceCall(book, { tokens: million })).not.toHaveProperty('list_usd');
  });

  test('a kind of token that only one side prices apart is compared with what the other bills it as', () => {
    const book = bookWith({ ...own, rates_per_mtok: { cache_write_1h: '3' } });
    const cost = priceCall(book, {
      tokens: { cache_write_1h: 1_000_000, cache_write_5m: 1_000_000 },
    });
    expect(cost).toMatchObject({ usd: '5.5', list_usd: '5' });
  });

  test('a model that no list has and no discount is for has no other list cost', () => {
    const book = bookWith({ provider: 'acme', model: 'house-1', rates_per_mtok: { input: '1' } });
    const cost = priceCall(book, { model: 'house-1', tokens: million });
    expect(cost.usd).toBe('1');
    expect(cost).not.toHaveProperty('list_usd');
  });

  describe('where no list has the price, it is the user’s own before discounts', () => {
    const house = { provider: 'acme', model: 'house-1' };
    const discount = { provider: 'acme', discount: '0.15' };

    test('for a model', () => {
      const rates_per_mtok = { input: '2', output: '8' };
      const book = bookWith({ ...house, rates_per_mtok }, discount);
      const tokens = { input_uncached: 1_000_000, cache_read: 1_000_000, output: 1_000_000 };
      const cost = priceCall(book, { model: 'house-1', tokens });
      expect(cost).toMatchObject({ usd: '10.2', list_usd: '12' });
      expect(cost.charges[0]).toMatchObject({ rate_usd: '1.7', list_rate_usd: '2' });
    });

    test('for a tier', () => {
      const priority = { ...own, service_tier: 'priority', rates_per_mtok: { input: '7' } };
      const usage = { modifiers: { service_tier: 'priority' } };
      const cost = priceCall(bookWith(priority, discount), { tokens: million, usage });
      expect(cost).toMatchObject({ usd: '5.95', list_usd: '7' });
    });

    test('for a unit of a model that is listed', () => {
      const book = bookWith({ ...own, rates: { images: '2' } }, discount);
      const usage = { units: { images: 1 } };
      const cost = priceCall(book, { tokens: million, usage });
      expect(cost).toMatchObject({ usd: '3.4', list_usd: '4' });
    });

    test('for GPU time', () => {
      const book = bookWith({ ...house, unit: 'gpu_hour', rate: '3.60' }, discount);
      const usage = { units: { gpu_seconds: 1_000 } };
      expect(priceCall(book, { model: 'house-1', usage })).toMatchObject({
        usd: '0.85',
        list_usd: '1',
      });
    });

    test('law: it is what the same rows cost without their discounts', () => {
      const rate = fc.nat(99_999).map((milli) => formatUsd(BigInt(milli) * 1_000_000_000n));
      const rows = fc.record({ input: rate, cache_read: rate, output: rate });
      fc.assert(
        fc.property(
          rows,
          tokens,
          fc.integer({ min: 1, max: 999 }),
          (rates_per_mtok, counts, off) => {
            const row = { ...house, rates_per_mtok };
            const parts = { provider: 'acme', discount: formatUsd(BigInt(off) * 1_000_000_000n) };
            const call = { model: 'house-1', tokens: counts };
            const cost = priceCall(bookWith(row, parts), call);
            expect(cost.list_usd ?? cost.usd).toBe(priceCall(bookWith(row), call).usd);
          },
        ),
      );
    });
  });

  test('a tier that no list prices and no discount is for has no other list cost', () => {
    const book = bookWith({ ...own, service_tier: 'priority', rates_per_mtok: { input: '7' } });
    const usage = { modifiers: { service_tier: 'priority' } };
    const cost = priceCall(book, { tokens: million, usage });
    expect(cost.usd).toBe('7');
    expect(cost).not.toHaveProperty('list_usd');
  });

  test('beside a reported cost both computed ones stay', () => {
    const book = bookWith({ provider: 'acme', discount: '0.1' });
    const reported = { usd: '1.7', field: 'usage.cost' };
    expect(priceCall(book, { tokens: million, usage: { reported } })).toMatchObject({
      usd: '1.7',
      source: 'reported',
      computed_usd: '1.8',
      list_usd: '2',
    });
  });

  test('what priced the call is named: the user’s own row where one had a part in it', () => {
    const discounted = bookWith({
      provider: 'acme',
      discount: '0.1',
      effective_from: '2026-04-01',
    });
    expect(priceCall(discounted, { tokens: million }).price).toEqual({
      book: 'farthing.yaml',
      provider: 'acme',
      model: 'anvil-1',
      effective_from: '2026-04-01',
    });
    const output = bookWith({ ...own, rates_per_mtok: { output: '8' } });
    expect(priceCall(output, { tokens: million }).price?.book).toBe('list@1');
    const both = { input_uncached: 1, output: 1 };
    expect(priceCall(output, { tokens: both }).price?.book).toBe('farthing.yaml');
  });
});

describe('discounts', () => {
  test('are dated: before and after them the list price holds', () => {
    const dates = { effective_from: '2026-05-01T12:00:00Z', effective_to: '2026-06-01T00:00:00Z' };
    const book = bookWith({ provider: 'acme', discount: '0.25', ...dates });
    const usdAt = (at: string) => priceCall(book, { at, tokens: million }).usd;
    expect(usdAt('2026-05-01T11:59:59.999Z')).toBe('2');
    expect(usdAt('2026-05-01T12:00:00Z')).toBe('1.5');
    expect(usdAt('2026-05-31T23:59:59.999Z')).toBe('1.5');
    expect(usdAt('2026-06-01T00:00:00Z')).toBe('2');
  });

  test('apply last: to tiers, regions, fees and own rates alike', () => {
    const book = bookWith(
      { provider: 'acme', discount: '0.1' },
      { ...own, service_tier: 'batch', rates_per_mtok: { output: '4' } },
    );
    const cost = priceCall(book, {
      tokens: { input_uncached: 1_000_000, output: 1_000_000 },
      usage: { modifiers: { service_tier: 'batch' }, units: { web_searches: 100 } },
    });
    // (2 × 0.5 + 4 + 1) × 0.9, beside 2 × 0.5 + 10 × 0.5 + 1.
    expect(cost).toMatchObject({ usd: '5.4', list_usd: '7' });
  });

  test('make no rate of endless decimals: what is recorded can be read again', () => {
    const third = '0.333333333333';
    const book = bookWith(
      { provider: 'acme', discount: third },
      { ...own, discount: third },
      { ...own, discount: third, service_tier: 'batch' },
      { ...own, rates_per_mtok: { input: third } },
    );
    const usage = { modifiers: { service_tier: 'batch' } };
    const [charge] = priceCall(book, { tokens: million, usage }).charges;
    // (1/3 × 0.5) × (2/3)³, to 18 decimals.
    expect(charge).toMatchObject({
      rate_usd: '0.049382716049407407',
      amount_usd: '0.049382716049',
    });
  });

  test('for one tier leave the others alone', () => {
    const book = bookWith({ provider: 'acme', discount: '0.5', service_tier: 'batch' });
    const batch = { modifiers: { service_tier: 'batch' } };
    expect(priceCall(book, { tokens: million }).usd).toBe('2');
    expect(priceCall(book, { tokens: million, usage: batch })).toMatchObject({
      usd: '0.5',
      list_usd: '1',
    });
  });

  test('for a tier that nobody prices do not make its price known', () => {
    const book = bookWith({ provider: 'forge', discount: '0.5', service_tier: 'batch' });
    const usage = { modifiers: { service_tier: 'batch' } };
    const cost = priceCall(book, { provider: 'forge', model: 'hammer-9', tokens: million, usage });
    expect(cost).toMatchObject({ usd: null, reason: expect.stringMatching(/tier "batch"/) });
  });

  test('a later one takes the place of an earlier one instead of coming off twice', () => {
    const book = bookWith(
      { provider: 'acme', discount: '0.2', effective_from: '2026-07-01' },
      { provider: 'acme', discount: '0.1' },
      {
        provider: 'acme',
        discount: '0.5',
        effective_from: '2026-03-01',
        effective_to: '2026-04-01',
      },
    );
    const usdAt = (at: string) => priceCall(book, { at, tokens: million }).usd;
    expect(usdAt('2026-02-01')).toBe('1.8');
    expect(usdAt('2026-03-15')).toBe('1');
    expect(usdAt('2026-05-01')).toBe('1.8');
    expect(usdAt('2026-08-01')).toBe('1.6');
  });

  test('law: the list cost is never below the discounted one, and its parts add up to it', () => {
    const discounts = fc.record({
      provider: fc.constant('acme'),
      model: fc.constantFrom('*', 'anvil-1'),
      service_tier: fc.constantFrom('batch', 'standard'),
      discount: fc.nat(1_000).map((permille) => formatUsd(BigInt(permille) * 1_000_000_000n)),
    });
    const tier = fc.constantFrom('batch', 'default');
    fc.assert(
      fc.property(discounts, tokens, fc.nat(50), tier, (row, buckets, searches, service_tier) => {
        const usage = { units: { web_searches: searches }, modifiers: { service_tier } };
        const cost = priceCall(bookWith(row), { tokens: buckets, usage });
        const list = priceCall(new PriceBook(listLayers()), { tokens: buckets, usage });
        const listUsd = parseUsd(cost.list_usd ?? cost.usd ?? '');
        expect(listUsd).toBeGreaterThanOrEqual(parseUsd(cost.usd ?? ''));
        expect(formatUsd(listUsd)).toBe(list.usd);
        const parts = cost.charges.map((line) => parseUsd(line.list_amount_usd ?? line.amount_usd));
        expect(parts.reduce((sum, part) => sum + part, 0n)).toBe(listUsd);
      }),
    );
  });

  test('law: whatever the user’s own rates, the list cost is that of the list alone', () => {
    const rate = fc.nat(99_999).map((milli) => formatUsd(BigInt(milli) * 1_000_000_000n));
    const units = ['input', 'output', 'cache_read', 'cache_write', 'cache_write_1h'] as const;
    const rates = fc.dictionary(fc.constantFrom(...units), rate, { minKeys: 1 });
    fc.assert(
      fc.property(rates, tokens, (rates_per_mtok, buckets) => {
        const cost = priceCall(bookWith({ ...own, rates_per_mtok }), { tokens: buckets });
        const list = priceCall(new PriceBook(listLayers()), { tokens: buckets });
        expect(cost.list_usd ?? cost.usd).toBe(list.usd);
      }),
    );
  });
});

describe('a row of one’s own', () => {
  const rates_per_mtok = { input: '1' };

  test('for a region is final for that region: the premium is not added to it', () => {
    const layer = (rules: PriceRule[]) => ruleLayer('override', 'ours', rules);
    const when = { scope: 'regional' };
    const rule = { ...own, source: 'contract', when, rates: { input: '3' } };
    const book = new PriceBook([...listLayers(), layer([rule])]);
    expect(book.describe('acme', 'anvil-1')?.ratesAt({ at: 0, conditions: when }).rates).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ unit: 'input', rate_usd: '3', list_rate_usd: '2.2' }),
        expect.objectContaining({ unit: 'output', rate_usd: '11' }),
      ]),
    );
  });

  test('for a dated snapshot goes over the model’s list prices, for that snapshot alone', () => {
    const book = bookWith({ ...own, model: 'anvil-1-20260101', rates_per_mtok });
    const tokens = { input_uncached: 1_000_000, cache_read: 1_000_000 };
    expect(priceCall(book, { model: 'anvil-1-20260101', tokens })).toMatchObject({
      usd: '1.2',
      list_usd: '2.2',
    });
    expect(priceCall(book, { model: 'anvil-1', tokens }).usd).toBe('2.2');
    // A date that no list names is still that model's.
    const unseen = bookWith({ ...own, model: 'anvil-1-20260909', rates_per_mtok });
    expect(priceCall(unseen, { model: 'anvil-1-20260909', tokens }).list_usd).toBe('2.2');
  });

  test('for another name of a model is for the model', () => {
    const book = bookWith({ ...own, model: 'anvil', rates_per_mtok });
    expect(priceCall(book, { model: 'anvil-1-20260101', tokens: million }).usd).toBe('1');
  });

  test('for a beginning with * may be written in capitals', () => {
    const book = bookWith({ ...own, model: 'ANVIL-*', rates_per_mtok });
    expect(priceCall(book, { tokens: million }).usd).toBe('1');
  });

  test('for what another row declares to be an alias is for that model, whichever row stands first', () => {
    const named = { ...own, model: 'mine', aliases: ['ours'], rates_per_mtok };
    const later = { ...own, model: 'ours', rates_per_mtok: { input: '3' } };
    const rows = [
      { ...named, effective_from: '2026-03-01' },
      { ...later, effective_from: '2026-01-01' },
    ];
    for (const order of [rows, rows.toReversed()]) {
      const book = bookWith(...order);
      expect(priceCall(book, { model: 'mine', at: '2026-02-01', tokens: million }).usd).toBe('3');
      expect(priceCall(book, { model: 'ours', at: '2026-04-01', tokens: million }).usd).toBe('1');
    }
  });

  test('goes over the list prices that a reseller takes from another provider', () => {
    const book = bookWith({ provider: 'reseller', model: 'anvil-1', discount: '0.5' });
    expect(priceCall(book, { provider: 'reseller', tokens: million })).toMatchObject({
      usd: '1',
      list_usd: '2',
    });
    expect(priceCall(book, { tokens: million }).usd).toBe('2');
  });

  test('with one provider says nothing about another that resells its models', () => {
    const book = bookWith({ ...own, rates_per_mtok });
    expect(priceCall(book, { provider: 'reseller', tokens: million }).usd).toBe('2');
  });

  test('without a threshold is for calls of any length', () => {
    const [base, ...others] = listLayers();
    const threshold = { op: 'gt', tokens: 200_000 } as const;
    const long = { ...anvil, complete: false, threshold, rates: { input: '4', output: '15' } };
    const layers = [ruleLayer('base', 'list@2', [...(base?.rules('acme') ?? []), long]), ...others];
    const rules = readPriceFile([{ ...own, rates_per_mtok }], 'ours').rules;
    const book = new PriceBook([...layers, ruleLayer('override', 'ours', rules)]);
    const tokens = { input_uncached: 1_000_000, output: 1_000_000 };
    expect(priceCall(book, { tokens })).toMatchObject({ usd: '16', list_usd: '19' });
  });

  test('by GPU time prices a call by its time alone, wherever the time is stated', () => {
    const book = bookWith({ ...own, unit: 'gpu_hour', rate: '3.60' });
    const cost = priceCall(book, { tokens: million, usage: { units: { gpu_seconds: 2.5 } } });
    expect(cost).toMatchObject({
      usd: '0.0025',
      charges: [{ kind: 'gpu_seconds', quantity: 2.5 }],
    });
    expect(cost).not.toHaveProperty('list_usd');
    expect(priceCall(book, { tokens: million })).toMatchObject({
      status: 'no_usage',
      reason: expect.stringMatching(/context\.gpu_seconds or usage\.units\.gpu_seconds/),
    });
    // A fee beside the time does not make the time known.
    const searches = priceCall(book, { tokens: million, usage: { units: { web_searches: 1 } } });
    expect(searches).toMatchObject({ usd: '0.01', status: 'partial' });
    expect(searches.reason).toMatch(/GPU time/);
  });

  test('can reach back in parts: each call is priced at its own time', () => {
    const book = bookWith(
      { ...own, rates_per_mtok: { input: '1.5' }, effective_from: '2026-03-01' },
      { ...own, rates_per_mtok: { input: '1' }, effective_from: '2026-06-01' },
    );
    const at = (time: string) => priceCall(book, { at: time, tokens: million });
    expect(at('2026-02-28')).toMatchObject({ usd: '2', source: 'base' });
    expect(at('2026-05-31')).toMatchObject({ usd: '1.5', list_usd: '2' });
    expect(at('2026-06-01')).toMatchObject({ usd: '1', price: { effective_from: '2026-06-01' } });
  });
});
