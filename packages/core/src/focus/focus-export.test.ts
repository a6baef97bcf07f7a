import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Entry } from '../entry.js';
import { formatUsd, parseUsd } from '../money.js';
import type { Charge } from '../pricing/charge.js';
import { emptyTokens, type Usage } from '../usage/usage.js';
import { focusColumns, type FocusRow } from './columns.js';
import { FocusExport } from './focus-export.js';
import type { FocusOptions } from './options.js';
import { FocusValidator } from './validate.js';

const usage = (changes: Partial<Usage> = {}): Usage => ({
  tokens: { ...emptyTokens(), input_uncached: 1200, output: 80 },
  details: {},
  units: {},
  modifiers: {},
  estimated: false,
  raw: null,
  notes: [],
  ...changes,
});

const input: Charge = {
  kind: 'input_uncached',
  quantity: 1200,
  rate_usd: '2.5',
  per: 1_000_000,
  amount_usd: '0.003',
};
const output: Charge = {
  kind: 'output',
  quantity: 80,
  rate_usd: '10',
  per: 1_000_000,
  amount_usd: '0.0008',
};

function call(changes: Partial<Entry> = {}): Entry {
  return {
    schema: 1,
    event: 'llm.cost.tracked',
    id: '0199d6a0-0000-7000-8000-000000000001',
    kind: 'call',
    source: 'gateway',
    started_at: '2026-10-31T23:59:58.250Z',
    ended_at: '2026-11-01T00:00:03.100Z',
    duration_ms: 4850,
    provider: 'openai',
    api: 'chat.completions',
    stream: false,
    model_requested: 'gpt-4o',
    model: 'gpt-4o-2024-08-06',
    outcome: 'ok',
    http_status: 200,
    attempt: 1,
    usage: usage(),
    cost: {
      usd: '0.0038',
      status: 'priced',
      source: 'base',
      price: { book: 'genai-prices@0.1.8', provider: 'openai', model: 'gpt-4o' },
      charges: [input, output],
    },
    tags: { feature: 'search', user: 'u_1', custom: { team: 'discovery' } },
    ...changes,
  };
}

function exported(entries: Entry[], options: Partial<FocusOptions> = {}) {
  const focus = new FocusExport({ aggregate: 'none', ...options });
  const rows = [...entries.flatMap((entry) => focus.add(entry)), ...focus.end()];
  return { rows, summary: focus.summary() };
}

const sum = (rows: FocusRow[], column: 'BilledCost' | 'ListCost' | 'ContractedCost') =>
  formatUsd(rows.reduce((total, row) => total + parseUsd(row[column] ?? 'null'), 0n));

function breaches(rows: FocusRow[]): string[] {
  const validator = new FocusValidator(focusColumns.map(({ name }) => name));
  for (const row of rows) validator.check(row);
  return validator.findings().map(({ rule, value }) => `${rule} ${value}`);
}

describe('a call becomes a row for each charge', () => {
  const [first, second] = exported([call()]).rows as [FocusRow, FocusRow];

  test('what was used, at which price, and what that costs', () => {
    expect(first).toMatchObject({
      ChargeCategory: 'Usage',
      ChargeClass: null,
      ChargeFrequency: 'Usage-Based',
      ConsumedQuantity: '1200',
      ConsumedUnit: 'Tokens',
      PricingCategory: 'Standard',
      PricingQuantity: '0.0012',
      PricingUnit: '1000000 Tokens',
      ListUnitPrice: '2.5',
      ContractedUnitPrice: '2.5',
      ListCost: '0.003',
      ContractedCost: '0.003',
      BilledCost: '0.003',
      EffectiveCost: '0.003',
      ChargeDescription: 'Input tokens of gpt-4o at $2.5 per 1M tokens',
    });
    expect(second).toMatchObject({ SkuMeter: 'Output tokens', BilledCost: '0.0008' });
  });

  test('at a rate of more decimals than a column has, or than rates are written with', () => {
    for (const decimals of [18, 100]) {
      const rate = `0.${'3'.repeat(decimals)}`;
      const charge = { ...call().cost.charges[0]!, quantity: 1, rate_usd: rate, amount_usd: '0' };
      const [row] = exported([
        call({ cost: { ...call().cost, usd: '0', charges: [charge] } }),
      ]).rows;
      expect(row).toMatchObject({
        ContractedUnitPrice: '333333.333333333333',
        PricingQuantity: '0.000000000001',
        PricingUnit: '1000000000000 Tokens',
      });
    }
  });

  test('who sold it, as what', () => {
    expect(first).toMatchObject({
      ProviderName: 'OpenAI',
      PublisherName: 'OpenAI',
      InvoiceIssuerName: 'OpenAI',
      ServiceName: 'OpenAI API',
      ServiceCategory: 'AI and Machine Learning',
      ServiceSubcategory: 'Generative AI',
      SkuId: 'openai/gpt-4o/input_uncached',
      SkuPriceId: 'openai/gpt-4o/input_uncached',
      SkuPriceDetails: '{"x_TokenType":"input_uncached","x_Model":"gpt-4o"}',
      BillingAccountId: 'openai',
      x_EntryId: '0199d6a0-0000-7000-8000-000000000001',
      x_Model: 'gpt-4o-2024-08-06',
      x_ServiceTier: 'standard',
    });
  });

  test('for whom: all tags, custom ones without a prefix', () => {
    expect(JSON.parse(first.Tags ?? '')).toEqual({
      feature: 'search',
      user: 'u_1',
      team: 'discovery',
    });
  });

  test('when: whole seconds, ending with the month in which the call began', () => {
    expect(first).toMatchObject({
      ChargePeriodStart: '2026-10-31T23:59:58Z',
      ChargePeriodEnd: '2026-11-01T00:00:00Z',
      BillingPeriodStart: '2026-10-01T00:00:00Z',
      BillingPeriodEnd: '2026-11-01T00:00:00Z',
    });
  });

  test('a call of no length still has a period', () => {
    const at = '2026-10-05T10:00:00.000Z';
    const [row] = exported([call({ started_at: at, ended_at: at })]).rows;
    expect(row).toMatchObject({
      ChargePeriodStart: '2026-10-05T10:00:00Z',
      ChargePeriodEnd: '2026-10-05T10:00:01Z',
    });
  });
});

describe('names', () => {
  test.each([
    [
      'aws-bedrock',
      'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
      'Amazon Web Services',
      'Anthropic',
    ],
    ['vertex_ai', 'claude-opus-4-5', 'Google Cloud', 'Anthropic'],
    ['openrouter', 'meta-llama/llama-3.3-70b-instruct', 'OpenRouter', 'Meta'],
    ['openrouter', 'somebody/new-model', 'OpenRouter', 'OpenRouter'],
    ['azure', 'gpt-4o', 'Microsoft', 'Microsoft'],
    ['our-gpus', 'llama-3.3', 'our-gpus', 'our-gpus'],
  ])('%s sells %s: provider %s, publisher %s', (provider, model, seller, publisher) => {
    const [row] = exported([call({ provider, model })]).rows;
    expect(row).toMatchObject({
      ProviderName: seller,
      PublisherName: publisher,
      InvoiceIssuerName: seller,
    });
  });

  test('the account of a provider is the one that was given', () => {
    const [row] = exported([call()], { accounts: { openai: 'org-123' } }).rows;
    expect(row?.BillingAccountId).toBe('org-123');
  });

  test('price variations share a SKU and differ in their SKU price', () => {
    const priority = call({ usage: usage({ modifiers: { service_tier: 'priority' } }) });
    const [plain] = exported([call()]).rows;
    const [dear] = exported([priority]).rows;
    expect(dear).toMatchObject({
      SkuId: plain?.SkuId,
      SkuPriceId: 'openai/gpt-4o/input_uncached;service_tier=priority',
      SkuPriceDetails:
        '{"x_TokenType":"input_uncached","x_Model":"gpt-4o","x_ServiceTier":"priority"}',
      x_ServiceTier: 'priority',
    });
  });

  test.each([
    [{ context: { location: 'europe-west1' } }, 'europe-west1'],
    [{ context: { location: 'global' } }, null],
    [{ context: { endpoint: 'eu.api.openai.com' } }, 'eu'],
    [{ usage: usage({ modifiers: { inference_geo: 'us' } }) }, 'us'],
    [{}, null],
  ])('the region of %j is %s', (changes, region) => {
    const [row] = exported([call(changes)]).rows;
    expect(row).toMatchObject({ RegionId: region, RegionName: region });
  });
});

describe('prices', () => {
  test('list and contracted price stand side by side', () => {
    const discounted: Charge = {
      ...input,
      rate_usd: '2.125',
      amount_usd: '0.00255',
      list_rate_usd: '2.5',
      list_amount_usd: '0.003',
    };
    const cost = { ...call().cost, usd: '0.00255', list_usd: '0.003', charges: [discounted] };
    expect(exported([call({ cost })]).rows).toMatchObject([
      {
        ListUnitPrice: '2.5',
        ListCost: '0.003',
        ContractedUnitPrice: '2.125',
        ContractedCost: '0.00255',
        BilledCost: '0.00255',
      },
    ]);
  });

  test('seconds at a price an hour: the product is exact, the billed cost is the booked one', () => {
    const audio: Charge = {
      kind: 'audio_seconds',
      quantity: 10,
      rate_usd: '0.111',
      per: 3600,
      amount_usd: '0.000308333333',
    };
    const cost = { ...call().cost, usd: '0.000308333333', charges: [audio] };
    expect(exported([call({ cost })]).rows).toMatchObject([
      {
        ConsumedQuantity: '10',
        ConsumedUnit: 'Seconds',
        PricingQuantity: '0.002777777778',
        PricingUnit: 'Hours',
        ListCost: '0.000308333333358',
        BilledCost: '0.000308333333',
      },
    ]);
  });

  test('a price finer than twelve decimals is stated for more units', () => {
    const charge = { ...input, per: 1, rate_usd: '0.0000000000025', amount_usd: '0.000000003' };
    const cost = { ...call().cost, usd: '0.000000003', charges: [charge] };
    expect(exported([call({ cost })]).rows).toMatchObject([
      { PricingUnit: '1000 Tokens', ListUnitPrice: '0.0000000025', ListCost: '0.000000003' },
    ]);
  });
});

describe('costs that are not the sum of computed charges', () => {
  test('a reported cost is billed, and its difference to the computed one is a row of its own', () => {
    const cost = {
      ...call().cost,
      usd: '0.0035',
      source: 'reported' as const,
      reported_usd: '0.0035',
      computed_usd: '0.0038',
    };
    const { rows } = exported([call({ cost })]);
    expect(rows).toHaveLength(3);
    expect(rows[2]).toMatchObject({
      ChargeCategory: 'Adjustment',
      BilledCost: '-0.0003',
      ListCost: '-0.0003',
      ListUnitPrice: null,
      PricingQuantity: null,
      ConsumedQuantity: null,
      SkuId: null,
    });
    expect(sum(rows, 'BilledCost')).toBe('0.0035');
  });

  test('a reported cost of a model without a price is a request at that price', () => {
    const cost = {
      usd: '0.02',
      status: 'priced' as const,
      source: 'reported' as const,
      charges: [],
    };
    expect(exported([call({ cost })]).rows).toMatchObject([
      {
        ChargeCategory: 'Usage',
        PricingCategory: 'Dynamic',
        PricingQuantity: '1',
        PricingUnit: 'Requests',
        ListUnitPrice: '0.02',
        BilledCost: '0.02',
      },
    ]);
  });

  test('a call of unknown cost has no row: it is counted, by the reason', () => {
    const unknown = { usd: null, status: 'unknown_model' as const, charges: [] };
    const free = { usd: '0', status: 'not_billed' as const, charges: [] };
    const { rows, summary } = exported([call(), call({ cost: unknown }), call({ cost: free })]);
    expect(rows).toHaveLength(2);
    expect(summary).toMatchObject({
      entries: 3,
      rows: 2,
      billed_cost: '0.0038',
      unpriced_calls: { unknown_model: 1 },
    });
  });
});

describe('adjustments', () => {
  const repriced = (recorded: string): Entry =>
    call({
      id: '0199d6a0-0000-7000-8000-000000000002',
      kind: 'adjustment',
      recorded_at: recorded,
      adjusts: {
        entry: call().id,
        number: 1,
        cause: 'price',
        reason: 'the price of gpt-4o was corrected',
        by: 'farthing reprice',
        status_before: 'priced',
        status_after: 'priced',
        usd_before: '0.0038',
        usd_after: '0.0044',
      },
      cost: {
        ...call().cost,
        usd: '0.0006',
        charges: [
          { ...input, quantity: -1200, amount_usd: '-0.003' },
          { ...input, rate_usd: '3', amount_usd: '0.0036' },
        ],
      },
    });

  test('of a closed month are corrections, billed in the month in which they were made', () => {
    const { rows } = exported([repriced('2026-11-20T08:00:00.000Z')]);
    expect(rows).toHaveLength(2);
    for (const row of rows) {
      expect(row).toMatchObject({
        ChargeClass: 'Correction',
        ChargePeriodStart: '2026-10-31T23:59:58Z',
        BillingPeriodStart: '2026-11-01T00:00:00Z',
        x_AdjustmentCause: 'price',
        x_AdjustedEntryId: call().id,
      });
    }
    expect(rows.map((row) => row.PricingQuantity)).toEqual(['-0.0012', '0.0012']);
    expect(breaches(rows)).toEqual([]);
    expect(sum(rows, 'BilledCost')).toBe('0.0006');
  });

  test('of the running month are ordinary rows', () => {
    const { rows } = exported([repriced('2026-10-31T23:59:59.000Z')]);
    expect(rows[0]).toMatchObject({
      ChargeClass: null,
      BillingPeriodStart: '2026-10-01T00:00:00Z',
    });
  });

  test('as known before they were made, they are not there', () => {
    const { rows, summary } = exported([call(), repriced('2026-11-20T08:00:00.000Z')], {
      asOf: '2026-11-10T00:00:00.000Z',
    });
    expect(rows).toHaveLength(2);
    expect(summary.billed_cost).toBe('0.0038');
  });

  test('a call that was priced later no longer counts as unpriced', () => {
    const waiting = call({ cost: { usd: null, status: 'unknown_model', charges: [] } });
    const priced = repriced('2026-11-20T08:00:00.000Z');
    Object.assign(priced.adjusts!, { status_before: 'unknown_model', usd_before: null });
    expect(exported([waiting, priced]).summary.unpriced_calls).toEqual({});
  });

  test('an amount that belongs to no call is one amount', () => {
    const credit = repriced('2026-11-20T08:00:00.000Z');
    credit.adjusts = { ...credit.adjusts!, entry: null, cause: 'manual', reason: 'credit note 17' };
    credit.cost = { usd: '-5', status: 'priced', charges: [] };
    expect(exported([credit]).rows).toMatchObject([
      {
        ChargeCategory: 'Adjustment',
        ChargeFrequency: 'One-Time',
        ChargeDescription: 'credit note 17',
        BilledCost: '-5',
      },
    ]);
  });
});

describe('aggregated by the hour', () => {
  test('equal charges of an hour are one row; users, runs and custom tags are dropped', () => {
    const entries = ['u_1', 'u_2', 'u_3'].map((user, index) =>
      call({
        id: `0199d6a0-0000-7000-8000-00000000000${index}`,
        started_at: `2026-10-05T10:1${index}:00.000Z`,
        tags: { feature: 'search', user, custom: { team: `team-${index}` } },
      }),
    );
    const { rows } = exported(entries, { aggregate: 'hour' });
    expect(rows).toHaveLength(2);
    expect(rows[0]).toMatchObject({
      ChargePeriodStart: '2026-10-05T10:00:00Z',
      ChargePeriodEnd: '2026-10-05T11:00:00Z',
      ConsumedQuantity: '3600',
      PricingQuantity: '0.0036',
      BilledCost: '0.009',
      ListCost: '0.009',
      Tags: '{"feature":"search"}',
      x_ChargeCount: '3',
      x_EntryId: null,
    });
  });

  test('the tags to keep can be chosen', () => {
    const { rows } = exported([call()], { aggregate: 'hour', tags: ['user', 'tag:team'] });
    expect(rows[0]?.Tags).toBe('{"user":"u_1","team":"discovery"}');
  });
});

describe('laws', () => {
  const charge = fc.record({
    kind: fc.constantFrom('input_uncached', 'cache_read', 'output', 'web_searches', 'my_tool'),
    quantity: fc.integer({ min: 0, max: 2_000_000 }),
    rate: fc.integer({ min: 0, max: 80_000_000 }),
    listRate: fc.option(fc.integer({ min: 0, max: 80_000_000 }), { nil: undefined }),
  });
  const entry = fc
    .record({
      charges: fc.array(charge, { maxLength: 4 }),
      rest: fc.constantFrom(0n, 0n, -17n, 1_000_000n),
      minute: fc.integer({ min: 0, max: 59 }),
      hour: fc.integer({ min: 0, max: 3 }),
      feature: fc.option(fc.constantFrom('search', 'chat, "beta"', 'ümlaut\n'), { nil: undefined }),
      tier: fc.option(fc.constantFrom('flex', 'priority'), { nil: undefined }),
      unknown: fc.boolean(),
    })
    .map(({ charges, rest, minute, hour, feature, tier, unknown }) => {
      const lines = charges.map(({ kind, quantity, rate, listRate }): Charge => {
        const perToken = (micro: number) => formatUsd(BigInt(micro) * 1_000_000n);
        const amount = (micro: number) => formatUsd(BigInt(micro) * BigInt(quantity));
        return {
          kind,
          quantity,
          per: 1_000_000,
          rate_usd: perToken(rate),
          amount_usd: amount(rate),
          ...(listRate === undefined
            ? {}
            : { list_rate_usd: perToken(listRate), list_amount_usd: amount(listRate) }),
        };
      });
      const usd = formatUsd(
        lines.reduce<bigint>((total, line) => total + parseUsd(line.amount_usd), rest),
      );
      const at = `2026-10-05T0${hour}:${String(minute).padStart(2, '0')}:00.000Z`;
      return call({
        started_at: at,
        ended_at: at,
        usage: usage(tier === undefined ? {} : { modifiers: { service_tier: tier } }),
        tags: feature === undefined ? {} : { feature },
        cost: unknown
          ? { usd: null, status: 'unknown_model', charges: [] }
          : { ...call().cost, usd, charges: lines },
      });
    });
  const entries = fc.array(entry, { maxLength: 20 });
  const mode = fc.constantFrom('none' as const, 'hour' as const);

  test('billed cost adds up to what the ledger holds, to the picodollar', () => {
    fc.assert(
      fc.property(entries, mode, (all, aggregate) => {
        const booked = all.reduce((total, { cost }) => total + parseUsd(cost.usd ?? '0'), 0n);
        const { rows, summary } = exported(all, { aggregate });
        expect(sum(rows, 'BilledCost')).toBe(formatUsd(booked));
        expect(summary.billed_cost).toBe(formatUsd(booked));
        expect(summary.rows).toBe(rows.length);
      }),
    );
  });

  test('list and contracted cost do not depend on the aggregation', () => {
    fc.assert(
      fc.property(entries, (all) => {
        const [single, hourly] = [exported(all), exported(all, { aggregate: 'hour' })];
        expect(hourly.summary.list_cost).toBe(single.summary.list_cost);
        expect(hourly.summary.contracted_cost).toBe(single.summary.contracted_cost);
      }),
    );
  });

  test('every row keeps every rule of the specification', () => {
    fc.assert(
      fc.property(entries, mode, (all, aggregate) => {
        expect(breaches(exported(all, { aggregate }).rows)).toEqual([]);
      }),
    );
  });
});
