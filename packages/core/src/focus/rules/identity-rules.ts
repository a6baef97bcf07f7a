import { readKeyValue } from './formats.js';
import { columnIs, columnIsNull, columnIsSet, isNull, type FocusRule } from './rule.js';
import { serviceCategories } from './service-categories.js';
import {
  allowedRule,
  dateTimeRules,
  keyValueRule,
  mustBeNull,
  notNull,
  pricedRules,
  ruleId,
  stringRule,
  valueRule,
  withColumn,
} from './types.js';

/** Keys of SkuPriceDetails that the specification defines; all others begin with `x_`. */
const definedDetails = new Set([
  'CoreCount',
  'DiskMaxIops',
  'DiskSpace',
  'DiskType',
  'GpuCount',
  'InstanceType',
  'InstanceSeries',
  'MemorySize',
  'NetworkMaxIops',
  'NetworkMaxThroughput',
  'OperatingSystem',
  'Redundancy',
  'StorageClass',
]);

const subcategories = Object.values(serviceCategories).flat();
const isCurrencyCode = (value: string) => /^[A-Z]{3}$/.test(value);

function orderedPeriod(start: string, end: string): FocusRule {
  return {
    id: ruleId(end, '004-M'),
    column: end,
    level: 'must',
    requirement: `${end} must lie after ${start}: it is the exclusive end`,
    holds: (row) => {
      const [from, to] = [row[start], row[end]];
      return isNull(from) || isNull(to) || !(Date.parse(to) <= Date.parse(from));
    },
  };
}

export const identityRules: readonly FocusRule[] = [
  stringRule('AvailabilityZone', '002-M'),
  notNull('BillingAccountId', '001-M'),
  stringRule('BillingAccountId', '003-M'),
  stringRule('BillingAccountName', '002-M'),
  stringRule('BillingAccountType', '002-M'),
  ...withColumn('BillingAccountType', '004-C', '005-C', 'BillingAccountId'),
  stringRule('BillingCurrency', '002-M'),
  valueRule('BillingCurrency', '003-M', 'be a code of ISO 4217', isCurrencyCode),
  notNull('BillingCurrency', '004-M'),
  ...dateTimeRules('BillingPeriodStart'),
  ...dateTimeRules('BillingPeriodEnd'),
  orderedPeriod('BillingPeriodStart', 'BillingPeriodEnd'),
  ...dateTimeRules('ChargePeriodStart'),
  ...dateTimeRules('ChargePeriodEnd'),
  orderedPeriod('ChargePeriodStart', 'ChargePeriodEnd'),

  notNull('ChargeCategory', '002-M'),
  allowedRule('ChargeCategory', '003-M', ['Usage', 'Purchase', 'Tax', 'Credit', 'Adjustment']),
  allowedRule('ChargeClass', '005-C', ['Correction']),
  stringRule('ChargeDescription', '002-M'),
  notNull('ChargeDescription', '003-O', undefined, 'should'),
  notNull('ChargeFrequency', '002-M'),
  allowedRule('ChargeFrequency', '003-M', ['One-Time', 'Recurring', 'Usage-Based']),
  {
    id: ruleId('ChargeFrequency', '004-C'),
    column: 'ChargeFrequency',
    level: 'must',
    requirement: 'ChargeFrequency must not be "Usage-Based" when ChargeCategory is "Purchase"',
    holds: (row) =>
      row['ChargeFrequency'] !== 'Usage-Based' || row['ChargeCategory'] !== 'Purchase',
  },

  stringRule('InvoiceId', '002-M'),
  stringRule('InvoiceIssuerName', '002-M'),
  notNull('InvoiceIssuerName', '003-M'),
  stringRule('ProviderName', '002-M'),
  notNull('ProviderName', '003-M'),
  stringRule('PublisherName', '002-M'),
  notNull('PublisherName', '003-M'),

  ...pricedRules('PricingCategory', '003-C', '004-C'),
  allowedRule('PricingCategory', '007-M', ['Standard', 'Dynamic', 'Committed', 'Other']),
  stringRule('PricingCurrency', '002-M'),
  valueRule('PricingCurrency', '003-M', 'be a code of ISO 4217', isCurrencyCode),
  notNull('PricingCurrency', '004-M'),

  stringRule('RegionId', '002-M'),
  stringRule('RegionName', '002-M'),
  ...withColumn('RegionName', '004-C', '005-C', 'RegionId'),
  stringRule('ResourceId', '002-M'),
  stringRule('ResourceName', '002-M'),
  mustBeNull('ResourceName', '004-C', columnIsNull('ResourceId')),
  stringRule('ResourceType', '002-M'),
  ...withColumn('ResourceType', '004-C', '005-C', 'ResourceId'),
  stringRule('SubAccountId', '002-M'),
  stringRule('SubAccountName', '002-M'),
  ...withColumn('SubAccountName', '004-C', '005-C', 'SubAccountId'),
  stringRule('SubAccountType', '002-M'),
  ...withColumn('SubAccountType', '004-C', '005-C', 'SubAccountId'),
  ...withColumn('CommitmentDiscountCategory', '003-C', '004-C', 'CommitmentDiscountId'),
  mustBeNull('CommitmentDiscountName', '004-C', columnIsNull('CommitmentDiscountId')),
  ...withColumn('CommitmentDiscountType', '004-C', '005-C', 'CommitmentDiscountId'),
  mustBeNull('CapacityReservationStatus', '003-C', columnIsNull('CapacityReservationId')),
  notNull('CapacityReservationId', '005-C', columnIs('CapacityReservationStatus', 'Unused')),

  notNull('ServiceCategory', '002-M'),
  allowedRule('ServiceCategory', '003-M', Object.keys(serviceCategories)),
  stringRule('ServiceName', '002-M'),
  notNull('ServiceName', '003-M'),
  notNull('ServiceSubcategory', '002-M'),
  allowedRule('ServiceSubcategory', '003-M', subcategories),
  {
    id: ruleId('ServiceSubcategory', '004-M'),
    column: 'ServiceSubcategory',
    level: 'must',
    requirement: 'ServiceSubcategory must be one of its ServiceCategory',
    holds: (row) =>
      isNull(row['ServiceSubcategory']) ||
      (serviceCategories[row['ServiceCategory'] ?? ''] ?? []).includes(row['ServiceSubcategory']),
  },

  stringRule('SkuId', '002-M'),
  ...pricedRules('SkuId', '004-C', '005-C'),
  stringRule('SkuPriceId', '002-M'),
  ...pricedRules('SkuPriceId', '004-C', '005-C'),
  stringRule('SkuMeter', '002-M'),
  mustBeNull('SkuMeter', '004-C', columnIsNull('SkuId')),
  notNull('SkuMeter', '005-C', columnIsSet('SkuId'), 'should'),
  keyValueRule('SkuPriceDetails', '001-M'),
  mustBeNull('SkuPriceDetails', '004-C', columnIsNull('SkuPriceId')),
  valueRule(
    'SkuPriceDetails',
    '017-C',
    'have keys that begin with x_ or that the specification defines',
    (value) =>
      Object.keys(readKeyValue(value) ?? {}).every(
        (key) => key.startsWith('x_') || definedDetails.has(key),
      ),
  ),
  keyValueRule('Tags', '001-M'),
];
