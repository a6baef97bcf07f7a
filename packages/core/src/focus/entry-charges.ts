import { recordedAt, type Entry } from '../entry.js';
import { decimalFromNumber, formatUsd, parseUsd, type Picodollars } from '../money.js';
import type { Charge } from '../pricing/charge.js';
import { decimalOf } from '../pricing/decimal.js';
import type { FocusRow } from './columns.js';
import type { FocusCharge, FocusUsage } from './focus-charge.js';
import type { FocusOptions } from './options.js';
import { hourOf, monthOf, secondsOf } from './periods.js';
import { partiesOf } from './providers.js';
import { regionOf } from './region.js';
import { priceConditions, skuOf } from './sku.js';
import { aggregatedTags, tagsColumn } from './tags-column.js';
import { meterOf, spokenUnit } from './units.js';

/**
 * The charges of a ledger entry, which add up to its cost exactly. One for each line of its bill; one
 * for the request where only the provider's own figure is known; and one for what is left between the
 * lines and the cost: a reported cost that differs from the computed one, or an amount without usage.
 * None where the cost is unknown.
 */
export function entryCharges(entry: Entry, options: FocusOptions): FocusCharge[] {
  const { cost } = entry;
  if (cost.usd === null) return [];
  const base = rowOf(entry, options);
  const billed = parseUsd(cost.usd);
  const charges = cost.charges.map((charge) => usageCharge(entry, base, charge));
  const rest = charges.reduce((left, charge) => left - charge.billed, billed);
  if (charges.length === 0 && isRequestPrice(entry, billed)) {
    return [requestCharge(entry, base, billed)];
  }
  return rest === 0n ? charges : [...charges, restCharge(entry, base, rest)];
}

function usageCharge(entry: Entry, base: FocusRow, charge: Charge): FocusCharge {
  const meter = meterOf(charge.kind);
  const model = charge.model ?? entry.cost.price?.model ?? entry.model;
  const row = { ...base };
  if (charge.model !== undefined) row.x_Model = charge.model;
  const price = `$${charge.rate_usd} per ${spokenUnit(meter.unit, charge.per)}`;
  row.ChargeDescription = `${meter.name}${ofModel(model)} at ${price}`;
  setSku(row, entry, charge.kind, model);
  const usage: FocusUsage = {
    quantity: decimalOf(decimalFromNumber(charge.quantity)),
    unit: meter.unit,
    per: charge.per,
    listRate: charge.list_rate_usd ?? charge.rate_usd,
    contractedRate: charge.rate_usd,
  };
  return { row, usage, billed: parseUsd(charge.amount_usd), count: 1 };
}

function setSku(row: FocusRow, entry: Entry, kind: string, model: string | null): void {
  const sku = skuOf(entry, kind, model);
  row.SkuId = sku.id;
  row.SkuMeter = meterOf(kind).name;
  row.SkuPriceId = sku.priceId;
  row.SkuPriceDetails = sku.priceDetails;
  row.x_TokenType = kind;
}

/** Whether the cost is a price that somebody else states for the call, with nothing to compute it from. */
function isRequestPrice({ kind, cost }: Entry, billed: Picodollars): boolean {
  const stated = cost.source === 'reported' || cost.source === 'source';
  return kind === 'call' && stated && billed >= 0n;
}

function requestCharge(entry: Entry, base: FocusRow, billed: Picodollars): FocusCharge {
  const price = formatUsd(billed);
  const row = { ...base };
  row.ChargeDescription = `One request${ofModel(entry.model)} at the cost that ${stater(entry)} states`;
  // The price of a request that only the bill knows is the provider's to set, call by call.
  row.PricingCategory = 'Dynamic';
  setSku(row, entry, 'requests', entry.model);
  const usage: FocusUsage = {
    quantity: decimalOf('1'),
    unit: 'Requests',
    per: 1,
    listRate: price,
    contractedRate: price,
  };
  return { row, usage, billed, count: 1 };
}

function restCharge(entry: Entry, base: FocusRow, rest: Picodollars): FocusCharge {
  const { adjusts } = entry;
  const row = { ...base };
  row.ChargeCategory = 'Adjustment';
  if (adjusts?.entry === null) row.ChargeFrequency = 'One-Time';
  row.PricingCategory = null;
  row.ChargeDescription =
    adjusts?.reason ??
    `Difference between the cost that ${stater(entry)} states and the computed one${ofModel(entry.model)}`;
  return { row, billed: rest, count: 1 };
}

/** What all rows of an entry have in common. Whatever measures something is left null. */
function rowOf(entry: Entry, options: FocusOptions): FocusRow {
  const { cost, adjusts } = entry;
  const hourly = options.aggregate === 'hour';
  const period = hourly ? hourOf(entry.started_at) : secondsOf(entry.started_at, entry.ended_at);
  const parties = partiesOf(entry.provider, entry.model);
  const region = regionOf(entry);
  const usedIn = monthOf(entry.started_at);
  // A correction is billed in the month in which it is made; a call in the month in which it started.
  const billedIn = adjusts === undefined ? usedIn : monthOf(recordedAt(entry));
  return {
    AvailabilityZone: null,
    BilledCost: null,
    BillingAccountId: options.accounts?.[entry.provider] ?? entry.provider,
    BillingAccountName: null,
    BillingAccountType: 'Billing Account',
    BillingCurrency: 'USD',
    BillingPeriodEnd: billedIn.end,
    BillingPeriodStart: billedIn.start,
    CapacityReservationId: null,
    CapacityReservationStatus: null,
    ChargeCategory: 'Usage',
    ChargeClass: billedIn.start > usedIn.start ? 'Correction' : null,
    ChargeDescription: null,
    ChargeFrequency: 'Usage-Based',
    ChargePeriodEnd: period.end,
    ChargePeriodStart: period.start,
    CommitmentDiscountCategory: null,
    CommitmentDiscountId: null,
    CommitmentDiscountName: null,
    CommitmentDiscountQuantity: null,
    CommitmentDiscountStatus: null,
    CommitmentDiscountType: null,
    CommitmentDiscountUnit: null,
    ConsumedQuantity: null,
    ConsumedUnit: null,
    ContractedCost: null,
    ContractedUnitPrice: null,
    EffectiveCost: null,
    InvoiceId: null,
    InvoiceIssuerName: parties.provider,
    ListCost: null,
    ListUnitPrice: null,
    PricingCategory: 'Standard',
    PricingCurrency: 'USD',
    PricingCurrencyContractedUnitPrice: null,
    PricingCurrencyEffectiveCost: null,
    PricingCurrencyListUnitPrice: null,
    PricingQuantity: null,
    PricingUnit: null,
    ProviderName: parties.provider,
    PublisherName: parties.publisher,
    RegionId: region,
    RegionName: region,
    ResourceId: null,
    ResourceName: null,
    ResourceType: null,
    ServiceCategory: 'AI and Machine Learning',
    ServiceName: parties.service,
    ServiceSubcategory: 'Generative AI',
    SkuId: null,
    SkuMeter: null,
    SkuPriceDetails: null,
    SkuPriceId: null,
    SubAccountId: null,
    SubAccountName: null,
    SubAccountType: null,
    Tags: tagsColumn(entry.tags, options.tags ?? (hourly ? aggregatedTags : undefined)),
    x_AdjustedEntryId: hourly ? null : (adjusts?.entry ?? null),
    x_AdjustmentCause: adjusts?.cause ?? null,
    x_Api: entry.api,
    x_ChargeCount: null,
    x_CostSource: cost.source ?? null,
    x_CostStatus: cost.status,
    x_EntryId: hourly ? null : entry.id,
    x_Model: entry.model,
    x_PriceBook: cost.price?.book ?? null,
    x_ServiceTier:
      entry.usage === null ? null : (priceConditions(entry).service_tier ?? 'standard'),
    x_TokenType: null,
  };
}

function ofModel(model: string | null): string {
  return model === null ? '' : ` of ${model}`;
}

function stater({ cost }: Entry): string {
  return cost.source === 'source' ? 'the imported record' : 'the provider';
}
