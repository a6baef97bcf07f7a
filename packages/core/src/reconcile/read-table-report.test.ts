import { describe, expect, test } from 'vitest';
import { readTable } from './read-table-report.js';
import { tablePresets } from './table-mapping.js';

describe('Google: Cloud Billing export to BigQuery', () => {
  const row = (changes: object) => ({
    service: { description: 'Gemini API' },
    sku: { id: 'A1B2', description: 'Gemini 2.5 Pro input token count short' },
    usage_start_time: '2026-10-01 14:00:00 UTC',
    project: { id: 'acme-prod' },
    cost: 1.25,
    currency: 'USD',
    usage: { amount: 1_000_000, unit: 'count' },
    credits: [],
    ...changes,
  });
  const read = (...rows: object[]) =>
    readTable(rows as Record<string, unknown>[], tablePresets['google-billing']);

  test('a row is usage and a cost line at once', () => {
    expect(read(row({}))).toMatchObject({
      usage: [
        {
          at: '2026-10-01T00:00:00.000Z',
          model: 'gemini-2.5-pro',
          tokens: { input_uncached: 1_000_000 },
          project: 'acme-prod',
        },
      ],
      costs: [{ model: 'gemini-2.5-pro', kind: 'input_uncached', usd: '1.25', category: 'tokens' }],
      until: '2026-10-02T00:00:00.000Z',
      notes: [],
    });
  });

  test.each([
    ['Gemini 2.5 Flash output token count thinking', 'gemini-2.5-flash', 'output', null],
    ['Gemini 2.5 Pro Cached Text Input', 'gemini-2.5-pro', 'cache_read', null],
    ['Gemini 3 Flash Batch output token count', 'gemini-3-flash', 'output', 'batch'],
    ['Gemini 2.5 Flash Lite text input', 'gemini-2.5-flash-lite', 'input_uncached', null],
  ])('%s', (description, model, kind, tier) => {
    const { costs } = read(row({ sku: { description } }));
    expect(costs[0]).toMatchObject({ model, kind, tier });
  });

  test('credits within a row are lines of their own', () => {
    const { costs } = read(row({ credits: [{ name: 'Promotion', amount: -0.5 }] }));
    expect(costs.map(({ category, usd }) => [category, usd])).toEqual([
      ['tokens', '1.25'],
      ['credit', '-0.5'],
    ]);
  });

  test('other services are left out, and other SKUs kept as such; both are said', () => {
    const { costs, notes } = read(
      row({ service: { description: 'Compute Engine' } }),
      row({ sku: { description: 'Gemini 2.5 Pro Cache Storage' } }),
    );
    expect(costs).toMatchObject([{ category: 'other', usd: '1.25' }]);
    expect(notes).toEqual([
      '1 rows "Gemini 2.5 Pro Cache Storage" are no tokens known to this format.',
      '1 rows of other services were left out.',
    ]);
  });
});

test('AWS: usage types name region, model and kind; quantities may come in thousands', () => {
  const { usage, costs } = readTable(
    [
      {
        line_item_usage_start_date: '2026-10-01T05:00:00Z',
        line_item_product_code: 'AmazonBedrock',
        line_item_usage_type: 'USE1-Claude4.5Sonnet-output-tokens-batch',
        line_item_usage_amount: '12.5',
        pricing_unit: '1K tokens',
        line_item_unblended_cost: '0.09375',
        line_item_currency_code: 'USD',
      },
    ],
    {
      ...tablePresets['aws-cur'],
      models: { 'claude4.5sonnet': 'anthropic.claude-sonnet-4-5-20250929-v1:0' },
    },
  );
  expect(usage[0]).toMatchObject({
    model: 'anthropic.claude-sonnet-4-5-20250929-v1:0',
    tier: 'batch',
    tokens: { output: 12_500 },
  });
  expect(costs[0]).toMatchObject({ usd: '0.09375', decimals: 5, kind: 'output' });
});

test('Azure: meters name model and kind; units are 1K or 1M', () => {
  const { usage } = readTable(
    [
      {
        date: '10/01/2026',
        meterCategory: 'Azure OpenAI',
        meterName: 'gpt 4o 0806 Inp glbl Tokens',
        quantity: '2.5',
        unitOfMeasure: '1M',
        costInBillingCurrency: '6.25',
        billingCurrency: 'USD',
      },
    ],
    { ...tablePresets['azure-cost'], models: { 'gpt-4o-0806': 'gpt-4o-2024-08-06' } },
  );
  expect(usage[0]).toMatchObject({
    at: '2026-10-01T00:00:00.000Z',
    model: 'gpt-4o-2024-08-06',
    tokens: { input_uncached: 2_500_000 },
  });
});

test("FOCUS: Farthing's own columns are understood", () => {
  const { usage, costs } = readTable(
    [
      {
        ChargePeriodStart: '2026-10-01T00:00:00Z',
        x_Model: 'gpt-4o',
        x_TokenType: 'cache_read',
        x_ServiceTier: 'flex',
        ConsumedQuantity: '1000',
        ConsumedUnit: 'tokens',
        BilledCost: '0.00125',
        BillingCurrency: 'USD',
      },
    ],
    tablePresets.focus,
  );
  expect(usage[0]).toMatchObject({ model: 'gpt-4o', tier: 'flex', tokens: { cache_read: 1000 } });
  expect(costs[0]).toMatchObject({ usd: '0.00125', kind: 'cache_read' });
});

describe('what cannot be read is refused by its row', () => {
  const mapping = {
    columns: { time: ['day'], model: ['model'], cost: ['cost'], currency: ['currency'] },
    kinds: [],
  };
  test.each([
    [{ model: 'x', cost: '1' }, /row 1: there is no column day/],
    [{ day: 'Tuesday', model: 'x', cost: '1' }, /row 1: "Tuesday" is not a time/],
    [{ day: '2026-10-01', model: 'x' }, /row 1: there is no column cost/],
    [{ day: '2026-10-01', model: 'x', cost: '1,5' }, /row 1: cost: "1,5" is not an amount/],
    [{ day: '2026-10-01', model: 'x', cost: '1', currency: 'EUR' }, /currency is EUR/],
  ])('%j', (row, message) => {
    expect(() => readTable([row], mapping)).toThrow(message);
  });
});
