import { isProduct } from './formats.js';
import {
  both,
  columnIs,
  columnIsNull,
  columnIsSet,
  isNull,
  not,
  type Condition,
  type FocusRule,
} from './rule.js';
import {
  decimalRules,
  mustBeNull,
  nonNegative,
  notCorrection,
  notNull,
  pricedRules,
  ruleId,
  stringRule,
  unitRule,
  withColumn,
} from './types.js';

function product(cost: string, suffix: string, price: string): FocusRule {
  return {
    id: ruleId(cost, suffix),
    column: cost,
    level: 'must',
    requirement: `${cost} must be ${price} × PricingQuantity when ${notCorrection.says}`,
    holds: (row) => {
      const [unitPrice, quantity] = [row[price], row['PricingQuantity']];
      if (isNull(unitPrice) || isNull(quantity) || !notCorrection.holds(row)) return true;
      return isProduct(unitPrice, quantity, row[cost] ?? '');
    },
  };
}

function equals(column: string, suffix: string, other: string, when: Condition): FocusRule {
  return {
    id: ruleId(column, suffix),
    column,
    level: 'must',
    requirement: `${column} must equal ${other} when ${when.says}`,
    holds: (row) => !when.holds(row) || isProduct(row[column] ?? '', '1', row[other] ?? ''),
  };
}

/** A charge that is not computed from other charges: tax is. */
const unrelated = not('ChargeCategory is not "Tax"', columnIs('ChargeCategory', 'Tax'));
const isUsage = columnIs('ChargeCategory', 'Usage');
const notUsage = not('ChargeCategory is not "Usage"', isUsage);
const neitherUsageNorPurchase = both(
  unrelated,
  not(
    'ChargeCategory is neither "Usage" nor "Purchase"',
    columnIs('ChargeCategory', 'Usage', 'Purchase'),
  ),
);

export const costRules: readonly FocusRule[] = [
  ...decimalRules('BilledCost', '001-M', '002-M'),
  notNull('BilledCost', '003-M'),
  {
    id: ruleId('BilledCost', '005-C'),
    column: 'BilledCost',
    level: 'must',
    requirement: 'BilledCost must be 0 when somebody else than ProviderName issues the invoice',
    holds: (row) =>
      row['ProviderName'] === row['InvoiceIssuerName'] ||
      isProduct(row['BilledCost'] ?? '', '1', '0'),
  },
  ...decimalRules('EffectiveCost', '001-M', '002-M'),
  notNull('EffectiveCost', '003-M'),
  equals('EffectiveCost', '010-C', 'BilledCost', neitherUsageNorPurchase),

  ...decimalRules('ListCost', '001-M', '002-M'),
  notNull('ListCost', '003-M'),
  equals('ListCost', '008-C', 'BilledCost', both(columnIsNull('ListUnitPrice'), unrelated)),
  product('ListCost', '009-C', 'ListUnitPrice'),
  ...decimalRules('ContractedCost', '001-M', '002-M'),
  notNull('ContractedCost', '003-M'),
  equals(
    'ContractedCost',
    '008-C',
    'BilledCost',
    both(columnIsNull('ContractedUnitPrice'), unrelated),
  ),
  product('ContractedCost', '009-C', 'ContractedUnitPrice'),

  ...decimalRules('ListUnitPrice', '001-M', '002-M'),
  ...pricedRules('ListUnitPrice', '004-C', '005-C'),
  nonNegative('ListUnitPrice', '008-M'),
  ...decimalRules('ContractedUnitPrice', '002-M', '003-M'),
  ...pricedRules('ContractedUnitPrice', '005-C', '006-C'),
  nonNegative('ContractedUnitPrice', '009-C'),
  ...decimalRules('PricingCurrencyContractedUnitPrice', '001-M', '002-M'),
  ...pricedRules('PricingCurrencyContractedUnitPrice', '004-C', '005-C'),
  nonNegative('PricingCurrencyContractedUnitPrice', '008-C'),
  ...decimalRules('PricingCurrencyListUnitPrice', '001-M', '002-M'),
  ...pricedRules('PricingCurrencyListUnitPrice', '004-C', '005-C'),
  nonNegative('PricingCurrencyListUnitPrice', '008-M'),
  ...decimalRules('PricingCurrencyEffectiveCost', '001-M', '002-M'),
  notNull('PricingCurrencyEffectiveCost', '003-M'),

  ...decimalRules('PricingQuantity', '001-M', '002-M'),
  ...pricedRules('PricingQuantity', '004-C', '005-C'),
  stringRule('PricingUnit', '002-M'),
  unitRule('PricingUnit', '003-O'),
  ...withColumn('PricingUnit', '005-C', '006-C', 'PricingQuantity'),
  ...decimalRules('ConsumedQuantity', '001-M', '002-M'),
  mustBeNull('ConsumedQuantity', '004-C', notUsage),
  notNull('ConsumedQuantity', '006-C', both(isUsage, both(notCorrection, notUnused()))),
  stringRule('ConsumedUnit', '002-M'),
  unitRule('ConsumedUnit', '003-O'),
  ...withColumn('ConsumedUnit', '005-C', '006-C', 'ConsumedQuantity'),
  ...decimalRules('CommitmentDiscountQuantity', '001-M', '002-M'),
  ...withColumn('CommitmentDiscountUnit', '005-C', '006-C', 'CommitmentDiscountQuantity'),
  mustBeNull('CommitmentDiscountStatus', '003-C', columnIsNull('CommitmentDiscountId')),
  notNull('CommitmentDiscountStatus', '004-C', both(columnIsSet('CommitmentDiscountId'), isUsage)),
];

function notUnused(): Condition {
  return not(
    'CommitmentDiscountStatus is not "Unused"',
    columnIs('CommitmentDiscountStatus', 'Unused'),
  );
}
