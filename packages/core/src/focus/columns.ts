/** Version of the FinOps Open Cost and Usage Specification that the export follows. */
export const focusVersion = '1.2';

export type FocusType = 'string' | 'decimal' | 'datetime' | 'json';

/** How far the specification asks for a column: always, when a fact exists to fill it, or as advice. */
export type FocusFeatureLevel = 'mandatory' | 'conditional' | 'recommended';

export interface FocusColumn {
  readonly name: string;
  readonly type: FocusType;
  readonly level: FocusFeatureLevel | 'custom';
  /** Digits after the point that its values have at most; of decimals only. */
  readonly scale?: number;
}

/** Unit prices and quantities are kept to this many decimals, amounts of money to as many. */
export const focusScale = 12;

/**
 * List and contracted cost are the exact product of a quantity and a unit price, unrounded: the
 * specification wants the product to match.
 */
export const focusProductScale = 2 * focusScale;

const decimal = { type: 'decimal', scale: focusScale } as const;
const product = { type: 'decimal', scale: focusProductScale } as const;

/**
 * Every column of FOCUS 1.2 under its id, in the specification's (alphabetical) order. Columns that a
 * model call never fills (commitments, capacity, zones) are there and null, so that rows of several
 * providers stack without a mapping.
 * https://focus.finops.org/focus-specification/v1-2/
 */
const specified = {
  AvailabilityZone: { type: 'string', level: 'recommended' },
  BilledCost: { ...decimal, level: 'mandatory' },
  BillingAccountId: { type: 'string', level: 'mandatory' },
  BillingAccountName: { type: 'string', level: 'mandatory' },
  BillingAccountType: { type: 'string', level: 'conditional' },
  BillingCurrency: { type: 'string', level: 'mandatory' },
  BillingPeriodEnd: { type: 'datetime', level: 'mandatory' },
  BillingPeriodStart: { type: 'datetime', level: 'mandatory' },
  CapacityReservationId: { type: 'string', level: 'conditional' },
  CapacityReservationStatus: { type: 'string', level: 'conditional' },
  ChargeCategory: { type: 'string', level: 'mandatory' },
  ChargeClass: { type: 'string', level: 'mandatory' },
  ChargeDescription: { type: 'string', level: 'mandatory' },
  ChargeFrequency: { type: 'string', level: 'recommended' },
  ChargePeriodEnd: { type: 'datetime', level: 'mandatory' },
  ChargePeriodStart: { type: 'datetime', level: 'mandatory' },
  CommitmentDiscountCategory: { type: 'string', level: 'conditional' },
  CommitmentDiscountId: { type: 'string', level: 'conditional' },
  CommitmentDiscountName: { type: 'string', level: 'conditional' },
  CommitmentDiscountQuantity: { ...decimal, level: 'conditional' },
  CommitmentDiscountStatus: { type: 'string', level: 'conditional' },
  CommitmentDiscountType: { type: 'string', level: 'conditional' },
  CommitmentDiscountUnit: { type: 'string', level: 'conditional' },
  ConsumedQuantity: { ...decimal, level: 'conditional' },
  ConsumedUnit: { type: 'string', level: 'conditional' },
  ContractedCost: { ...product, level: 'mandatory' },
  ContractedUnitPrice: { ...decimal, level: 'conditional' },
  EffectiveCost: { ...decimal, level: 'mandatory' },
  InvoiceId: { type: 'string', level: 'recommended' },
  InvoiceIssuerName: { type: 'string', level: 'mandatory' },
  ListCost: { ...product, level: 'mandatory' },
  ListUnitPrice: { ...decimal, level: 'conditional' },
  PricingCategory: { type: 'string', level: 'conditional' },
  PricingCurrency: { type: 'string', level: 'conditional' },
  PricingCurrencyContractedUnitPrice: { ...decimal, level: 'conditional' },
  PricingCurrencyEffectiveCost: { ...decimal, level: 'conditional' },
  PricingCurrencyListUnitPrice: { ...decimal, level: 'conditional' },
  PricingQuantity: { ...decimal, level: 'mandatory' },
  PricingUnit: { type: 'string', level: 'mandatory' },
  ProviderName: { type: 'string', level: 'mandatory' },
  PublisherName: { type: 'string', level: 'mandatory' },
  RegionId: { type: 'string', level: 'conditional' },
  RegionName: { type: 'string', level: 'conditional' },
  ResourceId: { type: 'string', level: 'conditional' },
  ResourceName: { type: 'string', level: 'conditional' },
  ResourceType: { type: 'string', level: 'conditional' },
  ServiceCategory: { type: 'string', level: 'mandatory' },
  ServiceName: { type: 'string', level: 'mandatory' },
  ServiceSubcategory: { type: 'string', level: 'recommended' },
  SkuId: { type: 'string', level: 'conditional' },
  SkuMeter: { type: 'string', level: 'conditional' },
  SkuPriceDetails: { type: 'json', level: 'conditional' },
  SkuPriceId: { type: 'string', level: 'conditional' },
  SubAccountId: { type: 'string', level: 'conditional' },
  SubAccountName: { type: 'string', level: 'conditional' },
  SubAccountType: { type: 'string', level: 'conditional' },
  Tags: { type: 'json', level: 'conditional' },
} as const satisfies Record<string, Omit<FocusColumn, 'name'>>;

/** Farthing's own columns, after all of the specification's and under the prefix that it reserves. */
const custom = {
  /** Id of the adjusted entry, on rows of an adjustment. */
  x_AdjustedEntryId: { type: 'string', level: 'custom' },
  /** `price`, `usage` or `manual`, on rows of an adjustment. */
  x_AdjustmentCause: { type: 'string', level: 'custom' },
  /** The provider's API: `chat.completions`, `messages`, … */
  x_Api: { type: 'string', level: 'custom' },
  /** How many charges the row sums. */
  x_ChargeCount: { type: 'decimal', scale: 0, level: 'custom' },
  /** Where the cost comes from: `reported`, `override`, `overlay`, `base`, `source`. */
  x_CostSource: { type: 'string', level: 'custom' },
  /** `priced`, or `partial` where the cost is known to lack something or rests on an estimate. */
  x_CostStatus: { type: 'string', level: 'custom' },
  /** Id of the ledger entry; null where a row sums several. */
  x_EntryId: { type: 'string', level: 'custom' },
  /** The model that answered. */
  x_Model: { type: 'string', level: 'custom' },
  /** Edition of the price book, e.g. `genai-prices@0.1.8`. */
  x_PriceBook: { type: 'string', level: 'custom' },
  x_ServiceTier: { type: 'string', level: 'custom' },
  /** The kind of token or unit that is charged: `input_uncached`, `cache_read`, `web_searches`, … */
  x_TokenType: { type: 'string', level: 'custom' },
} as const satisfies Record<string, Omit<FocusColumn, 'name'>>;

export type FocusColumnName = keyof typeof specified | keyof typeof custom;

/**
 * One row of a FOCUS dataset, by column id. Values are texts as the specification writes them:
 * decimals plain and exact, times like `2026-10-01T00:00:00Z`, key-value columns as JSON; null is null.
 */
export type FocusRow = { [name in FocusColumnName]: string | null };

export const focusColumns: readonly (FocusColumn & { readonly name: FocusColumnName })[] =
  Object.entries({ ...specified, ...custom }).map(([name, column]) => ({
    name: name as FocusColumnName,
    ...column,
  }));
