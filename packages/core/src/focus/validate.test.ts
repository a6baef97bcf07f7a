import { describe, expect, test } from 'vitest';
import { focusColumns, type FocusRow } from './columns.js';
import { focusRuleCount, FocusValidator } from './validate.js';

const columns = focusColumns.map(({ name }) => name);

/** A row without fault; each test spoils one thing. */
const sound: FocusRow = {
  ...(Object.fromEntries(columns.map((name) => [name, null])) as FocusRow),
  BilledCost: '0.003',
  BillingAccountId: 'org-1',
  BillingAccountType: 'Billing Account',
  BillingCurrency: 'USD',
  BillingPeriodEnd: '2026-11-01T00:00:00Z',
  BillingPeriodStart: '2026-10-01T00:00:00Z',
  ChargeCategory: 'Usage',
  ChargeDescription: 'Input tokens',
  ChargeFrequency: 'Usage-Based',
  ChargePeriodEnd: '2026-10-05T11:00:00Z',
  ChargePeriodStart: '2026-10-05T10:00:00Z',
  ConsumedQuantity: '1200',
  ConsumedUnit: 'Tokens',
  ContractedCost: '0.003',
  ContractedUnitPrice: '2.5',
  EffectiveCost: '0.003',
  InvoiceIssuerName: 'OpenAI',
  ListCost: '0.0036',
  ListUnitPrice: '3',
  PricingCategory: 'Standard',
  PricingCurrency: 'USD',
  PricingCurrencyContractedUnitPrice: '2.5',
  PricingCurrencyEffectiveCost: '0.003',
  PricingCurrencyListUnitPrice: '3',
  PricingQuantity: '0.0012',
  PricingUnit: '1000000 Tokens',
  ProviderName: 'OpenAI',
  PublisherName: 'OpenAI',
  ServiceCategory: 'AI and Machine Learning',
  ServiceName: 'OpenAI API',
  ServiceSubcategory: 'Generative AI',
  SkuId: 'openai/gpt-4o/input_uncached',
  SkuMeter: 'Input tokens',
  SkuPriceDetails: '{"x_Model":"gpt-4o"}',
  SkuPriceId: 'openai/gpt-4o/input_uncached',
  Tags: '{"feature":"search"}',
};

function broken(changes: Partial<Record<string, string | null>>): string[] {
  const validator = new FocusValidator(columns);
  validator.check({ ...sound, ...changes });
  return validator.findings().map(({ rule }) => rule);
}

test('a sound row breaks nothing', () => {
  expect(broken({})).toEqual([]);
  expect(focusRuleCount).toBeGreaterThan(150);
});

describe('each of these breaks the rule that names it', () => {
  test.each<[string, Partial<Record<string, string | null>>]>([
    ['BilledCost-C-003-M', { BilledCost: null }],
    ['BilledCost-C-001-M', { BilledCost: '$0.003' }],
    ['BilledCost-C-002-M', { BilledCost: '+0.003' }],
    ['BilledCost-C-005-C', { InvoiceIssuerName: 'Somebody' }],
    ['ListCost-C-009-C', { ListCost: '0.0037' }],
    ['ListCost-C-009-C', { ListCost: '0.003600000000001' }],
    ['ContractedCost-C-009-C', { PricingQuantity: '0.0013', ListCost: '0.0039' }],
    ['ListUnitPrice-C-005-C', { ListUnitPrice: null }],
    ['ListUnitPrice-C-008-M', { ListUnitPrice: '-3', ListCost: '-0.0036' }],
    ['PricingQuantity-C-005-C', { PricingQuantity: null, PricingUnit: null }],
    ['PricingUnit-C-005-C', { PricingQuantity: null }],
    ['PricingUnit-C-003-O', { PricingUnit: '1M tokens' }],
    ['ConsumedQuantity-C-006-C', { ConsumedQuantity: null, ConsumedUnit: null }],
    ['ConsumedUnit-C-006-C', { ConsumedUnit: null }],
    ['ChargeCategory-C-003-M', { ChargeCategory: 'Consumption' }],
    ['ChargeClass-C-005-C', { ChargeClass: 'Fix' }],
    ['ChargeFrequency-C-003-M', { ChargeFrequency: 'Hourly' }],
    ['ChargePeriodStart-C-002-M', { ChargePeriodStart: '2026-10-05T10:00:00.000Z' }],
    ['ChargePeriodEnd-C-004-M', { ChargePeriodEnd: '2026-10-05T10:00:00Z' }],
    ['BillingPeriodEnd-C-002-M', { BillingPeriodEnd: '2026-13-01T00:00:00Z' }],
    ['BillingCurrency-C-003-M', { BillingCurrency: 'US dollars' }],
    ['PricingCategory-C-007-M', { PricingCategory: 'Flex' }],
    ['PricingCategory-C-004-C', { PricingCategory: null }],
    ['ProviderName-C-002-M', { ProviderName: ' ', InvoiceIssuerName: ' ' }],
    ['RegionName-C-005-C', { RegionId: 'eu' }],
    ['RegionName-C-004-C', { RegionName: 'Europe' }],
    ['ServiceCategory-C-003-M', { ServiceCategory: 'AI' }],
    ['ServiceSubcategory-C-004-M', { ServiceSubcategory: 'Caching' }],
    ['SkuId-C-005-C', { SkuId: null, SkuMeter: null }],
    ['SkuMeter-C-004-C', { SkuId: null }],
    ['SkuPriceDetails-C-001-M', { SkuPriceDetails: '{"x_Model":{"name":"gpt-4o"}}' }],
    ['SkuPriceDetails-C-017-C', { SkuPriceDetails: '{"Model":"gpt-4o"}' }],
    ['Tags-C-001-M', { Tags: '["search"]' }],
    ['Tags-C-001-M', { Tags: 'feature=search' }],
  ])('%s: %j', (rule, changes) => {
    expect(broken(changes)).toContain(rule);
  });
});

test('what is no usage has no quantity, and an amount without a price is its own list cost', () => {
  const amount = {
    ChargeCategory: 'Credit',
    ListUnitPrice: null,
    ContractedUnitPrice: null,
    PricingCurrencyListUnitPrice: null,
    PricingCurrencyContractedUnitPrice: null,
    PricingQuantity: null,
    PricingUnit: null,
    PricingCategory: null,
    ConsumedQuantity: null,
    ConsumedUnit: null,
    ListCost: '0.003',
  };
  expect(broken(amount)).toEqual([]);
  expect(broken({ ...amount, ListCost: '0.004' })).toEqual(['ListCost-C-008-C']);
  expect(broken({ ...amount, EffectiveCost: '0' })).toEqual(['EffectiveCost-C-010-C']);
  expect(broken({ ...amount, ConsumedQuantity: '1', ConsumedUnit: 'Tokens' })).toEqual([
    'ConsumedQuantity-C-004-C',
  ]);
});

test('a correction may differ from price times quantity', () => {
  expect(broken({ ChargeClass: 'Correction', ListCost: '7', SkuId: null, SkuMeter: null })).toEqual(
    [],
  );
});

test('numbers may be written with an exponent, as the specification allows', () => {
  expect(broken({ PricingQuantity: '12E-4' })).toEqual([]);
  expect(broken({ PricingQuantity: '12E+4' })).toContain('PricingQuantity-C-002-M');
});

test('a finding counts its rows and shows the first', () => {
  const validator = new FocusValidator(columns);
  for (const BilledCost of ['0.003', 'x', 'y']) validator.check({ ...sound, BilledCost });
  expect(validator.findings()[0]).toMatchObject({
    rule: 'BilledCost-C-001-M',
    level: 'must',
    rows: 2,
    first_row: 2,
    value: 'x',
  });
});

test('an id goes with one SKU and one set of details throughout', () => {
  const validator = new FocusValidator(columns);
  validator.check(sound);
  validator.check({ ...sound, SkuId: 'another', SkuPriceDetails: '{}' });
  expect(validator.findings().map(({ rule }) => rule)).toEqual([
    'SkuPriceId-C-008-M',
    'SkuPriceDetails-C-007-M',
  ]);
});

test('missing, foreign and misplaced columns are named; rules of a missing one stay silent', () => {
  const validator = new FocusValidator([
    'x_Model',
    'Cost',
    ...columns.filter((name) => name !== 'BilledCost' && !name.startsWith('x_')),
  ]);
  validator.check({ ...sound, BilledCost: undefined });
  expect(validator.findings().map(({ rule }) => rule)).toEqual([
    'CostAndUsage-D-006-M',
    'ColumnHandling-A-010-M',
    'ColumnHandling-A-012-O',
  ]);
});
