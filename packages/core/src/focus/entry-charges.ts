import { recordedAt, type Entry } from '../entry.js';
import { decimalFromNumber, parseUsd, type Picodollars } from '../money.js';
import type { Charge } from '../pricing/charge.js';
import { decimalOf } from '../pricing/decimal.js';
import type { FocusCharge, FocusDimensions, FocusUsage } from './focus-charge.js';
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
  const base = dimensionsOf(entry, options);
  const billed = parseUsd(cost.usd);
  const charges = cost.charges.map((charge) => usageCharge(entry, base, charge));
  const rest = charges.reduce((left, charge) => left - charge.billed, billed);
  if (charges.length === 0 && isRequestPrice(entry, billed)) {
    return [requestCharge(entry, base, billed)];
  }
  return rest === 0n ? charges : [...charges, restCharge(entry, base, rest)];
}

function usageCharge(entry: Entry, base: FocusDimensions, charge: Charge): FocusCharge {
  const meter = meterOf(charge.kind);
  const model = charge.model ?? entry.cost.price?.model ?? entry.model;
  const sku = skuOf(entry, charge.kind, model);
  const usage: FocusUsage = {
    quantity: decimalOf(decimalFromNumber(charge.quantity)),
    unit: meter.unit,
    per: charge.per,
    listRate: charge.list_rate_usd ?? charge.rate_usd,
    contractedRate: charge.rate_usd,
  };
  return {
    dimensions: {
      ...base,
      ...(charge.model === undefined ? {} : { x_Model: charge.model }),
      ChargeDescription: `${meter.name}${ofModel(model)} at $${charge.rate_usd} per ${spokenUnit(meter.unit, charge.per)}`,
      SkuId: sku.id,
      SkuMeter: meter.name,
      SkuPriceId: sku.priceId,
      SkuPriceDetails: sku.priceDetails,
      x_TokenType: charge.kind,
    },
    usage,
    billed: parseUsd(charge.amount_usd),
    count: 1,
  };
}

/** Whether the cost is a price that somebody else states for the call, with nothing to compute it from. */
function isRequestPrice({ kind, cost }: Entry, billed: Picodollars): boolean {
  const stated = cost.source === 'reported' || cost.source === 'source';
  return kind === 'call' && stated && billed >= 0n;
}

function requestCharge(entry: Entry, base: FocusDimensions, billed: Picodollars): FocusCharge {
  const price = entry.cost.usd as string;
  const sku = skuOf(entry, 'requests', entry.model);
  return {
    dimensions: {
      ...base,
      ChargeDescription: `One request${ofModel(entry.model)} at the cost that ${stater(entry)} states`,
      // The price of a request that only the bill knows is the provider's to set, call by call.
      PricingCategory: 'Dynamic',
      SkuId: sku.id,
      SkuMeter: 'Requests',
      SkuPriceId: sku.priceId,
      SkuPriceDetails: sku.priceDetails,
      x_TokenType: 'requests',
    },
    usage: {
      quantity: decimalOf('1'),
      unit: 'Requests',
      per: 1,
      listRate: price,
      contractedRate: price,
    },
    billed,
    count: 1,
  };
}

function restCharge(entry: Entry, base: FocusDimensions, rest: Picodollars): FocusCharge {
  const { adjusts } = entry;
  return {
    dimensions: {
      ...base,
      ChargeCategory: 'Adjustment',
      ChargeFrequency: adjusts?.entry === null ? 'One-Time' : 'Usage-Based',
      PricingCategory: null,
      ChargeDescription:
        adjusts === undefined
          ? `Difference between the cost that ${stater(entry)} states and the computed one${ofModel(entry.model)}`
          : adjusts.reason,
    },
    billed: rest,
    count: 1,
  };
}

function dimensionsOf(entry: Entry, options: FocusOptions): FocusDimensions {
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
    InvoiceId: null,
    InvoiceIssuerName: parties.provider,
    PricingCategory: 'Standard',
    PricingCurrency: 'USD',
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
