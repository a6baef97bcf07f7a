import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatUsd, parseUsd } from '../money.js';
import { emptyTokens, type TokenBuckets, type Usage, type UsageReading } from '../usage/usage.js';
import { PriceBook } from './price-book.js';
import { ruleLayer, type PriceRule } from './price-rows.js';

const base: PriceRule = {
  provider: 'acme',
  model: 'anvil-1',
  aliases: ['anvil-latest'],
  complete: true,
  rates: { input: '2', cache_read: '0.2', cache_write: '2.5', output: '10', web_searches: '10' },
  source: 'test',
};

function bookOf(...rules: Partial<PriceRule>[]): PriceBook {
  return new PriceBook([
    ruleLayer('base', 'list@1', [
      base,
      ...rules.map((rule) => ({ provider: 'acme', model: 'anvil-1', source: 'test', ...rule })),
    ]),
  ]);
}

function readingOf(tokens: Partial<TokenBuckets>, usage: Partial<Usage> = {}): UsageReading {
  return {
    status: 'ok',
    usage: {
      tokens: { ...emptyTokens(), ...tokens },
      details: {},
      units: {},
      modifiers: {},
      estimated: false,
      raw: null,
      notes: [],
      ...usage,
    },
  };
}

const call = { provider: 'acme', api: 'chat.completions', model: 'anvil-1', at: '2026-05-01' };
const price = (
  book: PriceBook,
  tokens: Partial<TokenBuckets>,
  usage: Partial<Usage> = {},
  extra: object = {},
) => book.price({ ...call, reading: readingOf(tokens, usage), ...extra });

describe('a call’s cost', () => {
  test('is every bucket at its own rate, line by line', () => {
    const cost = price(bookOf(), { input_uncached: 1000, cache_read: 500, output: 100 });
    expect(cost).toEqual({
      usd: '0.0031',
      status: 'priced',
      source: 'base',
      price: { book: 'list@1', provider: 'acme', model: 'anvil-1' },
      charges: [
        {
          kind: 'input_uncached',
          quantity: 1000,
          rate_usd: '2',
          per: 1_000_000,
          amount_usd: '0.002',
        },
        {
          kind: 'cache_read',
          quantity: 500,
          rate_usd: '0.2',
          per: 1_000_000,
          amount_usd: '0.0001',
        },
        { kind: 'output', quantity: 100, rate_usd: '10', per: 1_000_000, amount_usd: '0.001' },
      ],
    });
  });

  test('bills buckets without a rate of their own as the next wider one', () => {
    const rates = { input: '2', output: '10' };
    const book = bookOf({ complete: true, rates });
    const tokens = { cache_read: 1000, cache_write_5m: 1000, cache_write_1h: 1000 };
    expect(price(book, tokens).usd).toBe('0.006');
  });

  test('of an unknown model is null and says what to add', () => {
    const cost = price(bookOf(), { input_uncached: 1 }, {}, { model: 'hammer-9' });
    expect(cost).toMatchObject({ usd: null, status: 'unknown_model', charges: [] });
    expect(cost.reason).toMatch(/"hammer-9".*"acme".*own prices/);
    expect(price(bookOf(), {}, {}, { model: null }).status).toBe('unknown_model');
  });

  test('of a version that nobody listed is unknown, however alike its name', () => {
    expect(price(bookOf(), {}, {}, { model: 'anvil-1-5' }).status).toBe('unknown_model');
    expect(price(bookOf(), {}, {}, { model: 'anvil-1-20260101' }).status).toBe('priced');
    expect(price(bookOf(), {}, {}, { model: 'anvil-latest' }).status).toBe('priced');
  });

  test.each(['no_usage', 'invalid_usage'] as const)('is null for %s', (status) => {
    const reading = { status, reason: 'because', raw: null } as UsageReading;
    expect(bookOf().price({ ...call, reading })).toEqual({
      usd: null,
      status,
      reason: 'because',
      charges: [],
    });
  });

  test('is known to be 0 where nothing is billed', () => {
    const reading: UsageReading = { status: 'not_billed', reason: 'it failed' };
    expect(bookOf().price({ ...call, reading }).usd).toBe('0');
  });

  test('beyond what a ledger can hold is invalid usage', () => {
    expect(price(bookOf(), { input_uncached: 5_000_000_000_000 })).toMatchObject({
      usd: null,
      status: 'invalid_usage',
    });
  });

  test('at a time that is none throws', () => {
    expect(() => price(bookOf(), {}, {}, { at: 'yesterday' })).toThrow(/ISO 8601/);
  });

  test('of tokens that a model has no rate for is unknown, never 0', () => {
    const book = bookOf({ model: 'ear-1', complete: true, rates: { audio_seconds: '0.36' } });
    const ear = { model: 'ear-1' };
    expect(price(book, { input_uncached: 5 }, {}, ear).status).toBe('unknown_model');
    expect(price(book, {}, { units: { audio_seconds: 37 } }, ear).usd).toBe('0.0037');
  });

  test('lacks units without a rate and says so', () => {
    expect(price(bookOf(), { output: 100 }, { units: { hammer_blows: 3 } })).toMatchObject({
      usd: '0.001',
      status: 'partial',
      reason: expect.stringMatching(/hammer_blows/),
    });
  });

  test('of a stream that broke off is partial', () => {
    const reading = { ...readingOf({ output: 100 }), partial: 'cut off' } as UsageReading;
    expect(bookOf().price({ ...call, reading })).toMatchObject({
      usd: '0.001',
      status: 'partial',
      reason: 'cut off',
    });
  });
});

describe('long context', () => {
  const above = (op: 'gt' | 'gte', tokens: number) =>
    bookOf({ threshold: { op, tokens }, rates: { input: '4', cache_read: '0.4', output: '15' } });

  test('is a cliff: the whole call re-prices on all input, cache included', () => {
    const book = above('gt', 200_000);
    expect(price(book, { input_uncached: 1, cache_read: 199_999, output: 10 }).charges).toEqual(
      price(bookOf(), { input_uncached: 1, cache_read: 199_999, output: 10 }).charges,
    );
    const over = price(book, { input_uncached: 1, cache_read: 200_000, output: 10 });
    expect(over.charges.map(({ rate_usd }) => rate_usd)).toEqual(['4', '0.4', '15']);
  });

  test('whether the bound belongs to it is data', () => {
    const at = { input_uncached: 200_000 };
    expect(price(above('gt', 200_000), at).charges[0]?.rate_usd).toBe('2');
    expect(price(above('gte', 200_000), at).charges[0]?.rate_usd).toBe('4');
  });
});

describe('dates', () => {
  const cut = bookOf({ from: '2026-07-30T00:00:00Z', complete: true, rates: { input: '1' } });

  test('a call is priced as of its own time, from the first instant of a row on', () => {
    const tokens = { input_uncached: 1_000_000 };
    expect(price(cut, tokens, {}, { at: '2026-07-29T23:59:59.999Z' }).usd).toBe('2');
    expect(price(cut, tokens, {}, { at: '2026-07-30T00:00:00Z' })).toMatchObject({
      usd: '1',
      price: { effective_from: '2026-07-30T00:00:00Z' },
    });
    expect(price(cut, tokens, {}, { at: Date.UTC(2026, 6, 30) }).usd).toBe('1');
  });

  test('hours are UTC, their end exclusive, and may be limited to weekdays', () => {
    const daily = { start: '22:00:00Z', end: '02:00:00Z', days: [5] };
    const book = bookOf({ daily, rates: { input: '1' } });
    const tokens = { input_uncached: 1_000_000 };
    const usdAt = (at: string) => price(book, tokens, {}, { at }).usd;
    // 2026-05-01 is a Friday; the window runs over midnight.
    expect(usdAt('2026-05-01T21:59:59.999Z')).toBe('2');
    expect(usdAt('2026-05-01T22:00:00Z')).toBe('1');
    expect(usdAt('2026-05-02T01:59:59Z')).toBe('1');
    expect(usdAt('2026-05-02T02:00:00Z')).toBe('2');
    expect(usdAt('2026-05-02T23:00:00Z')).toBe('2');
  });
});

describe('tiers and regions', () => {
  const half = { when: { service_tier: 'batch' }, multiply: { tokens: '0.5' } };

  test('multiply tokens, not fees', () => {
    const cost = price(
      bookOf(half),
      { output: 100 },
      {
        modifiers: { service_tier: 'batch' },
        units: { web_searches: 1 },
      },
    );
    expect(cost.usd).toBe('0.0105');
  });

  test('standard has many names', () => {
    for (const service_tier of ['default', 'standard', 'auto', 'on_demand']) {
      expect(price(bookOf(half), { output: 100 }, { modifiers: { service_tier } }).usd).toBe(
        '0.001',
      );
    }
  });

  test('a tier without a price leaves the cost unknown', () => {
    const cost = price(bookOf(half), { output: 100 }, { modifiers: { service_tier: 'platinum' } });
    expect(cost).toMatchObject({ usd: null, status: 'unknown_model' });
    expect(cost.reason).toMatch(/platinum/);
  });

  test('a tier by contract asks for the contract, and takes it from an override', () => {
    const contract = ruleLayer('overlay', 'overlay', [
      { ...base, rates: {}, complete: false, when: { service_tier: 'priority' }, contract: 'ask' },
    ]);
    const list = ruleLayer('base', 'list', [base]);
    const own = ruleLayer('override', 'ours', [
      { ...base, complete: false, when: { service_tier: 'priority' }, rates: { output: '8' } },
    ]);
    const usage = { modifiers: { service_tier: 'priority' } };
    expect(price(new PriceBook([list, contract]), { output: 100 }, usage)).toMatchObject({
      usd: null,
      status: 'contract_required',
      reason: 'ask',
    });
    expect(price(new PriceBook([list, contract, own]), { output: 100 }, usage)).toMatchObject({
      usd: '0.0008',
      source: 'override',
    });
  });

  test('a tier applies to the list price in force, whoever stated it', () => {
    const list = ruleLayer('base', 'list', [base]);
    const tiers = ruleLayer('overlay', 'tiers', [{ ...base, rates: {}, complete: false, ...half }]);
    const own = ruleLayer('override', 'ours', [
      { ...base, complete: false, rates: { output: '4' } },
    ]);
    const cost = price(
      new PriceBook([list, tiers, own]),
      { output: 1000 },
      {
        modifiers: { service_tier: 'batch' },
      },
    );
    expect(cost.usd).toBe('0.002');
  });
});

describe('layers', () => {
  test('a discount applies to everything, last', () => {
    const list = ruleLayer('base', 'list', [base]);
    const discount = ruleLayer('override', 'deal', [
      { provider: 'acme', model: '*', multiply: { all: '0.85' }, source: 'contract' },
    ]);
    const cost = price(
      new PriceBook([list, discount]),
      { output: 100 },
      { units: { web_searches: 1 } },
    );
    expect(cost).toMatchObject({ usd: '0.00935', source: 'override' });
  });

  test('what the provider reports is the bill; the computed figure is kept', () => {
    const reported = { usd: '0.5', field: 'usage.cost' };
    expect(price(bookOf(), { output: 100 }, { reported })).toMatchObject({
      usd: '0.5',
      source: 'reported',
      status: 'priced',
      reported_usd: '0.5',
      computed_usd: '0.001',
    });
    const unknown = price(bookOf(), { output: 1 }, { reported }, { model: 'hammer-9' });
    expect(unknown).toMatchObject({ usd: '0.5', status: 'priced' });
    expect(unknown).not.toHaveProperty('reason');
  });

  test('a client’s own record stands beside the computed cost', () => {
    const reported = { usd: '0.5', field: 'costUSD', authority: 'client' as const };
    expect(price(bookOf(), { output: 100 }, { reported })).toMatchObject({
      usd: '0.001',
      source: 'base',
      reported_usd: '0.5',
    });
  });

  test('a wildcard alone makes no model known', () => {
    const book = bookOf({ model: '*', rates: { input: '1', output: '1' } });
    expect(price(book, { output: 1 }, {}, { model: 'hammer-9' }).status).toBe('unknown_model');
  });
});

describe('more than tokens', () => {
  test('nested usage is billed at its own model', () => {
    const book = bookOf({ model: 'advisor-1', complete: true, rates: { input: '1', output: '1' } });
    const nested = [{ model: 'advisor-1', tokens: { ...emptyTokens(), output: 1000 } }];
    const cost = price(book, { output: 100 }, { nested });
    expect(cost.usd).toBe('0.002');
    expect(cost.charges[1]).toMatchObject({ kind: 'output', model: 'advisor-1' });
    const unknown = [{ model: 'nobody-1', tokens: { ...emptyTokens(), output: 1000 } }];
    expect(price(book, { output: 100 }, { nested: unknown })).toMatchObject({
      usd: '0.001',
      status: 'partial',
      reason: expect.stringMatching(/nobody-1/),
    });
  });

  test('a least quantity is billed where less was used', () => {
    const book = bookOf(
      { model: 'ear-1', complete: true, rates: { audio_seconds: '0.111' } },
      { model: 'ear-1', minimum: { audio_seconds: 10 } },
    );
    const seconds = (audio_seconds: number) =>
      price(book, {}, { units: { audio_seconds } }, { model: 'ear-1' });
    expect(seconds(4)).toMatchObject({ usd: '0.000308333333', charges: [{ quantity: 10 }] });
    expect(seconds(3600).usd).toBe('0.111');
  });

  test('GPU time is the whole price of a self-hosted model', () => {
    const book = bookOf({ model: 'own-1', complete: true, rates: { gpu_seconds: '2.40' } });
    const own = { model: 'own-1' };
    const tokens = { input_uncached: 1000, output: 2000 };
    expect(price(book, tokens, { units: { gpu_seconds: 12.5 } }, own).usd).toBe('0.008333333333');
    expect(price(book, tokens, {}, own)).toMatchObject({ usd: null, status: 'no_usage' });
  });

  test('audio has its own rates, cached audio too, and every token is billed once', () => {
    const rates = {
      input: '4',
      cache_read: '0.4',
      output: '16',
      input_audio: '32',
      cache_read_audio: '0.4',
      output_audio: '64',
    };
    const book = bookOf({ complete: true, rates });
    const cost = price(
      book,
      { input_uncached: 380, cache_read: 320, output: 300 },
      { details: { input_audio: 400, cache_read_audio: 120, output_audio: 200 } },
    );
    expect(cost.usd).toBe('0.023888');
  });
});

describe('laws', () => {
  const count = fc.nat(3_000_000);
  const tokens = fc.record({
    input_uncached: count,
    cache_read: count,
    cache_write: count,
    cache_write_5m: count,
    cache_write_1h: count,
    output: count,
  });
  const details = fc.record(
    {
      input_audio: count,
      input_image: count,
      cache_read_audio: count,
      output_audio: count,
      output_image: count,
      reasoning: count,
    },
    { requiredKeys: [] },
  );
  const rate = fc.nat(9_999_999).map((micro) => formatUsd(BigInt(micro) * 1_000_000n));
  const rates = fc.record(
    {
      input: rate,
      output: rate,
      cache_read: rate,
      cache_write: rate,
      cache_write_1h: rate,
      input_audio: rate,
      input_image: rate,
      cache_read_audio: rate,
      output_audio: rate,
      output_image: rate,
      output_reasoning: rate,
    },
    { requiredKeys: ['input', 'output'] },
  );

  test('charges add up to the cost exactly, and their quantities to the tokens', () => {
    fc.assert(
      fc.property(tokens, details, rates, (buckets, parts, listed) => {
        const cost = price(bookOf({ complete: true, rates: listed }), buckets, { details: parts });
        const amounts = cost.charges.map(({ amount_usd }) => parseUsd(amount_usd));
        expect(formatUsd(amounts.reduce((sum, amount) => sum + amount, 0n))).toBe(cost.usd);
        const quantity = cost.charges.reduce((sum, charge) => sum + charge.quantity, 0);
        expect(quantity).toBe(Object.values(buckets).reduce((sum, part) => sum + part, 0));
      }),
    );
  });

  test('more tokens never cost less', () => {
    fc.assert(
      fc.property(tokens, fc.nat(1000), rates, (buckets, more, listed) => {
        const book = bookOf({ complete: true, rates: listed });
        const less = parseUsd(price(book, buckets).usd ?? '0');
        const bigger = { ...buckets, output: buckets.output + more };
        expect(parseUsd(price(book, bigger).usd ?? '0')).toBeGreaterThanOrEqual(less);
      }),
    );
  });
});

test('thousands of unknown models and providers do not disturb the known ones', () => {
  const book = bookOf();
  for (let index = 0; index < 20_000; index++) {
    price(book, {}, {}, { model: `m-${index}`, provider: `p-${index % 100}` });
  }
  expect(price(book, { output: 100 }).usd).toBe('0.001');
});
