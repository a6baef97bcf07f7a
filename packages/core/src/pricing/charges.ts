import { divideHalfEven, formatUsd, type Picodollars } from '../money.js';
import type { BilledUnits, TokenBuckets, TokenDetails } from '../usage/usage.js';
import type { Charge, CostSource, PriceRow } from './charge.js';
import { decimalFromNumber, parseDecimal } from '../money.js';
import type { CompiledRate, RateCard } from './rate-card.js';
import { rateFor } from './rate-for.js';
import { isRateUnit, type RateUnit } from './rate-units.js';
import { splitByModality, type TokenLine } from './split-by-modality.js';
import { toolUnitPrefix } from './tool-prices.js';
import type { ToolRates } from './tool-rates.js';

/** The lines of a bill while they are being added up. */
export interface Bill {
  charges: Charge[];
  total: Picodollars;
  /** How much more (or less) the same is at public list prices. */
  listDifference: Picodollars;
  /** Token kinds without any rate: the cost is then unknown. */
  unpricedTokens: string[];
  /** Other units without a rate: the cost then lacks something. */
  unpricedUnits: string[];
  /** Of the rates that were used, for the record of where the price came from: the highest layer, */
  source: CostSource;
  /** the row of the first, */
  firstRow: PriceRow | undefined;
  /** and that of the first which is the user's own. */
  ownRow: PriceRow | undefined;
}

export function emptyBill(): Bill {
  return {
    charges: [],
    total: 0n,
    listDifference: 0n,
    unpricedTokens: [],
    unpricedUnits: [],
    source: 'base',
    firstRow: undefined,
    ownRow: undefined,
  };
}

/** Adds one charge per kind of token. */
export function chargeTokens(
  bill: Bill,
  card: RateCard,
  tokens: TokenBuckets,
  details: TokenDetails,
  model?: string,
): void {
  if (card.byModality) {
    chargeLines(bill, card, splitByModality(tokens, details, card.rates), model);
    return;
  }
  chargeTokenKind(bill, card, 'input_uncached', 'input', tokens.input_uncached, model);
  chargeTokenKind(bill, card, 'cache_read', 'cache_read', tokens.cache_read, model);
  chargeTokenKind(bill, card, 'cache_write', 'cache_write', tokens.cache_write, model);
  chargeTokenKind(bill, card, 'cache_write_5m', 'cache_write_5m', tokens.cache_write_5m, model);
  chargeTokenKind(bill, card, 'cache_write_1h', 'cache_write_1h', tokens.cache_write_1h, model);
  chargeTokenKind(bill, card, 'output', 'output', tokens.output, model);
}

/** Adds one charge per line. */
export function chargeLines(
  bill: Bill,
  card: RateCard,
  lines: readonly TokenLine[],
  model?: string,
): void {
  for (const [kind, unit, quantity] of lines) {
    chargeTokenKind(bill, card, kind, unit, quantity, model);
  }
}

function chargeTokenKind(
  bill: Bill,
  card: RateCard,
  kind: string,
  unit: RateUnit,
  quantity: number,
  model: string | undefined,
): void {
  // A model that is paid by GPU time has no price per token.
  if (quantity === 0 || card.rates.has('gpu_seconds')) return;
  const rate = rateFor(card.rates, unit);
  if (rate === undefined) bill.unpricedTokens.push(kind);
  else addCharge(bill, kind, quantity, rate, model);
}

/** Units that say what happened but are billed only where a price book has a rate for them. */
const informative = new Set(['requests', 'search_queries', 'citation_tokens']);

/** Adds one charge per billed unit (searches, images, seconds, …), with the least billed quantity. */
export function chargeUnits(bill: Bill, card: RateCard, units: BilledUnits): void {
  for (const name in units) {
    const quantity = units[name] ?? 0;
    if (quantity === 0 || name.startsWith(toolUnitPrefix)) continue;
    const rate = isRateUnit(name) ? card.rates.get(name) : undefined;
    if (rate === undefined) {
      if (!informative.has(name)) bill.unpricedUnits.push(name);
      continue;
    }
    const minimum = card.minimum.get(name as RateUnit) ?? 0;
    addCharge(bill, name, Math.max(quantity, minimum), rate, undefined);
  }
}

/** Adds one charge per tool of the user's own that was used. */
export function chargeTools(bill: Bill, tools: ToolRates, units: BilledUnits, at: number): void {
  for (const name in units) {
    const quantity = units[name] ?? 0;
    if (quantity === 0 || !name.startsWith(toolUnitPrefix)) continue;
    const rate = tools.rate(name.slice(toolUnitPrefix.length), at);
    if (rate === undefined) bill.unpricedUnits.push(name);
    else addCharge(bill, name, quantity, rate, undefined);
  }
}

function addCharge(
  bill: Bill,
  kind: string,
  quantity: number,
  rate: CompiledRate,
  model: string | undefined,
): void {
  const amount = amountOf(quantity, rate);
  const charge: Charge = {
    kind,
    quantity,
    rate_usd: rate.rate,
    per: rate.per,
    amount_usd: formatUsd(amount),
  };
  if (rate.list !== undefined) {
    const listAmount = amountOf(quantity, rate.list);
    charge.list_rate_usd = rate.list.rate;
    charge.list_amount_usd = formatUsd(listAmount);
    bill.listDifference += listAmount - amount;
  }
  if (model !== undefined) charge.model = model;
  bill.charges.push(charge);
  bill.total += amount;
  if (sourceRank[rate.source] > sourceRank[bill.source]) bill.source = rate.source;
  bill.firstRow ??= rate.row;
  if (rate.source === 'override') bill.ownRow ??= rate.row;
}

/** Quantity × rate, rounded once (half to even) where it is not a whole number of picodollars. */
function amountOf(quantity: number, rate: CompiledRate): Picodollars {
  if (Number.isInteger(quantity)) {
    const count = BigInt(quantity);
    if (rate.each !== undefined) return count * rate.each;
    return divideHalfEven(count * rate.numerator, rate.denominator);
  }
  const [numerator, digits] = parseDecimal(decimalFromNumber(quantity));
  return divideHalfEven(numerator * rate.numerator, rate.denominator * 10n ** BigInt(digits));
}

const sourceRank: { readonly [source in CostSource]: number } = {
  base: 0,
  overlay: 1,
  override: 2,
  reported: 3,
  source: 3,
};
