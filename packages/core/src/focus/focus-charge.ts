import { formatUsd, type Picodollars } from '../money.js';
import { formatDecimal, multiplyDecimals, type Decimal } from '../pricing/decimal.js';
import { focusScale, type FocusRow } from './columns.js';
import { addDecimals, divideDecimal, fitUnitPrice } from './decimals.js';
import { pricingUnit } from './units.js';

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

/**
 * A row before its figures are computed: what can still be added up without losing anything. `row` says
 * what it is; the columns that measure something are null until {@link toFocusRow} fills them.
 */
export interface FocusCharge {
  row: FocusRow;
  usage?: FocusUsage;
  billed: Picodollars;
  /** How many charges of the ledger it sums. */
  count: number;
}

/** Charges with the same key differ only in quantity and amount, and can be one row. */
export function chargeKey({ row, usage }: FocusCharge): string {
  const price =
    usage === undefined ? [] : [usage.unit, usage.per, usage.listRate, usage.contractedRate];
  return JSON.stringify([...Object.values(row), ...price]);
}

/** Adds `charge` to one of the same key. */
export function addCharge(sum: FocusCharge, charge: FocusCharge): void {
  sum.billed += charge.billed;
  sum.count += charge.count;
  if (sum.usage === undefined || charge.usage === undefined) return;
  sum.usage.quantity = addDecimals(sum.usage.quantity, charge.usage.quantity);
}

/**
 * Fills in the row's figures. Billed and effective cost are what the ledger holds, to the picodollar. List and
 * contracted cost are unit price × pricing quantity, as the specification defines them: the exact
 * product, which differs from the booked amount by a rounding at most, and only where an amount per
 * hour was charged by the second. An amount without a price is its own list and contracted cost.
 */
export function toFocusRow({ row, usage, billed, count }: FocusCharge): FocusRow {
  const cost = formatUsd(billed);
  row.BilledCost = cost;
  row.EffectiveCost = cost;
  row.PricingCurrencyEffectiveCost = cost;
  row.x_ChargeCount = String(count);
  if (usage === undefined) {
    row.ListCost = cost;
    row.ContractedCost = cost;
    return row;
  }
  const { rates, per } = fitUnitPrice(
    [usage.listRate, usage.contractedRate],
    usage.per,
    focusScale,
  );
  const [list, contracted] = rates as [Decimal, Decimal];
  const quantity = divideDecimal(usage.quantity, per, focusScale);
  row.ListUnitPrice = formatDecimal(list);
  row.ListCost = formatDecimal(multiplyDecimals(list, quantity));
  row.ContractedUnitPrice = formatDecimal(contracted);
  row.ContractedCost = formatDecimal(multiplyDecimals(contracted, quantity));
  row.PricingCurrencyListUnitPrice = row.ListUnitPrice;
  row.PricingCurrencyContractedUnitPrice = row.ContractedUnitPrice;
  row.PricingQuantity = formatDecimal(quantity);
  row.PricingUnit = pricingUnit(usage.unit, per);
  row.ConsumedQuantity = formatDecimal(usage.quantity);
  row.ConsumedUnit = usage.unit;
  return row;
}
