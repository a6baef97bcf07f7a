import { formatUsd, type Picodollars } from '../money.js';
import { formatDecimal, multiplyDecimals, type Decimal } from '../pricing/decimal.js';
import { focusScale, type FocusRow } from './columns.js';
import { addDecimals, divideDecimal, fitUnitPrice } from './decimals.js';
import { pricingUnit } from './units.js';

/** The columns that say what a row is; the others are computed from what it measures. */
export type FocusDimensions = Omit<FocusRow, keyof Measures>;

type Measures = Pick<
  FocusRow,
  | 'BilledCost'
  | 'EffectiveCost'
  | 'ListCost'
  | 'ListUnitPrice'
  | 'ContractedCost'
  | 'ContractedUnitPrice'
  | 'PricingCurrencyContractedUnitPrice'
  | 'PricingCurrencyEffectiveCost'
  | 'PricingCurrencyListUnitPrice'
  | 'PricingQuantity'
  | 'PricingUnit'
  | 'ConsumedQuantity'
  | 'ConsumedUnit'
  | 'x_ChargeCount'
>;

/** What is used and at which price. Absent from charges that are an amount and nothing else. */
export interface FocusUsage {
  /** Signed: an adjustment takes back what was charged. */
  quantity: Decimal;
  unit: string;
  /** The unit prices are for this many units. */
  per: number;
  listRate: string;
  contractedRate: string;
}

/** A row before its figures are computed: what can still be added up without losing anything. */
export interface FocusCharge {
  dimensions: FocusDimensions;
  usage?: FocusUsage;
  billed: Picodollars;
  /** How many charges of the ledger it sums. */
  count: number;
}

/** Charges with the same key differ only in quantity and amount, and can be one row. */
export function chargeKey({ dimensions, usage }: FocusCharge): string {
  const price =
    usage === undefined ? [] : [usage.unit, usage.per, usage.listRate, usage.contractedRate];
  return JSON.stringify([...Object.values(dimensions), ...price]);
}

/** Adds `charge` to one of the same key. */
export function addCharge(sum: FocusCharge, charge: FocusCharge): void {
  sum.billed += charge.billed;
  sum.count += charge.count;
  if (sum.usage === undefined || charge.usage === undefined) return;
  sum.usage.quantity = addDecimals(sum.usage.quantity, charge.usage.quantity);
}

/**
 * The row's figures. Billed and effective cost are what the ledger holds, to the picodollar. List and
 * contracted cost are unit price × pricing quantity, as the specification defines them: the exact
 * product, which differs from the booked amount by a rounding at most, and only where an amount per
 * hour was charged by the second. An amount without a price is its own list and contracted cost.
 */
export function toFocusRow({ dimensions, usage, billed, count }: FocusCharge): FocusRow {
  const cost = formatUsd(billed);
  const common = {
    ...dimensions,
    BilledCost: cost,
    EffectiveCost: cost,
    PricingCurrencyEffectiveCost: cost,
    x_ChargeCount: String(count),
  };
  if (usage === undefined) {
    return {
      ...common,
      ListCost: cost,
      ListUnitPrice: null,
      ContractedCost: cost,
      ContractedUnitPrice: null,
      PricingCurrencyContractedUnitPrice: null,
      PricingCurrencyListUnitPrice: null,
      PricingQuantity: null,
      PricingUnit: null,
      ConsumedQuantity: null,
      ConsumedUnit: null,
    };
  }
  const { rates, per } = fitUnitPrice(
    [usage.listRate, usage.contractedRate],
    usage.per,
    focusScale,
  );
  const [list, contracted] = rates as [Decimal, Decimal];
  const quantity = divideDecimal(usage.quantity, per, focusScale);
  return {
    ...common,
    ListCost: formatDecimal(multiplyDecimals(list, quantity)),
    ListUnitPrice: formatDecimal(list),
    ContractedCost: formatDecimal(multiplyDecimals(contracted, quantity)),
    ContractedUnitPrice: formatDecimal(contracted),
    PricingCurrencyContractedUnitPrice: formatDecimal(contracted),
    PricingCurrencyListUnitPrice: formatDecimal(list),
    PricingQuantity: formatDecimal(quantity),
    PricingUnit: pricingUnit(usage.unit, per),
    ConsumedQuantity: formatDecimal(usage.quantity),
    ConsumedUnit: usage.unit,
  };
}
