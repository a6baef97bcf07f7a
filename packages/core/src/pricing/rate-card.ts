import type { CostSource, PriceRow } from './charge.js';
import {
  decimalOf,
  formatDecimal,
  multiplyDecimals,
  rateDecimals,
  roundDecimal,
  type Decimal,
} from './decimal.js';
import type { ModelRule } from './model-index.js';
import type { PriceConditions } from './price-rows.js';
import { rateFor } from './rate-for.js';
import { isRateUnit, isTokenUnit, perUnits, type RateUnit } from './rate-units.js';

const picodollarDigits = 12;

/** A rate, ready to be multiplied: the exact price of one unit as a fraction of picodollars. */
export interface CompiledRate {
  /** As published, for {@link perUnits} of the unit; what was multiplied has 18 decimals at most. */
  readonly rate: string;
  readonly per: number;
  readonly numerator: bigint;
  readonly denominator: bigint;
  /** The price of one unit where it is a whole number of picodollars, which it nearly always is. */
  readonly each: bigint | undefined;
  /** The highest layer that had a part in it. */
  readonly source: Exclude<CostSource, 'reported' | 'source'>;
  readonly row: PriceRow;
  /** The list price, where that is another one: the public one, else the user's own before discounts. */
  readonly list?: CompiledRate;
}

/** All rates that hold for one call. */
export interface RateCard {
  readonly rates: ReadonlyMap<RateUnit, CompiledRate>;
  readonly minimum: ReadonlyMap<RateUnit, number>;
  /** Set where the price is a private contract. */
  readonly contract: string | undefined;
  /** Whether some rule speaks about the tier that served the call. */
  readonly tierKnown: boolean;
  /** Whether audio, image or reasoning tokens have a price of their own. */
  readonly byModality: boolean;
}

interface DraftRate {
  value: Decimal;
  source: CompiledRate['source'];
  row: PriceRow;
  /** What the rate was stated for. */
  when: PriceConditions | undefined;
}

const sourceRank = { base: 0, overlay: 1, override: 2 } as const;

/**
 * Applies rules in their order: set, derive, multiply. Where the user's own rows have a part in it, the
 * list price stands beside each rate that differs: the public one, and where no list has the model, the
 * tier or the unit, the user's own rate before discounts. Throws `invalid_amount` for malformed rates.
 *
 * @param tier the tier or speed that served the call, where it was not the ordinary one.
 */
export function buildRateCard(rules: readonly ModelRule[], tier?: string): RateCard {
  const card = applyRules(rules);
  const listRules = rules.filter(({ layer }) => layer.kind !== 'override');
  if (listRules.length === rules.length) return card;
  const list = applyRules(listRules);
  // No public price: a private contract, a tier that no list prices, or time on one's own hardware.
  const unlisted =
    list.rates.size === 0 ||
    list.contract !== undefined ||
    (tier !== undefined && !list.tierKnown) ||
    card.rates.has('gpu_seconds') !== list.rates.has('gpu_seconds');
  const own = rules.some(isDiscount) ? applyRules(rules.map(withoutDiscount)).rates : card.rates;
  if (unlisted && own === card.rates) return card;
  return { ...card, rates: besideList(card.rates, unlisted ? own : list.rates, own) };
}

/** What the user's own rows multiply is a discount; what a list multiplies is a tier or a region. */
function isDiscount({ rule, layer }: ModelRule): boolean {
  return layer.kind === 'override' && rule.multiply !== undefined;
}

function withoutDiscount(layered: ModelRule): ModelRule {
  if (!isDiscount(layered)) return layered;
  const { multiply: _multiply, ...rule } = layered.rule;
  return { ...layered, rule };
}

function applyRules(rules: readonly ModelRule[]): RateCard {
  const draft = new Map<RateUnit, DraftRate>();
  const minimum = new Map<RateUnit, number>();
  let contract: string | undefined;
  let statedBy: number = sourceRank.base;
  let tierKnown = false;
  for (const { rule, layer, owner, id } of rules) {
    const rank = sourceRank[layer.kind];
    const ofTier = rule.when?.service_tier !== undefined || rule.when?.speed !== undefined;
    // A discount on a tier does not say what the tier costs.
    if (ofTier && (layer.kind !== 'override' || rule.rates !== undefined)) tierKnown = true;
    if (rule.contract !== undefined) contract = rule.contract;
    if (rule.complete) draft.clear();
    if (rule.rates !== undefined) statedBy = Math.max(statedBy, rank);
    const row: PriceRow = { book: layer.book, provider: owner, model: id };
    if (rule.from !== undefined) row.effective_from = rule.from;
    for (const [unit, rate] of entriesOf(rule.rates)) {
      draft.set(unit, { value: decimalOf(rate), source: layer.kind, row, when: rule.when });
    }
    for (const [unit, [from, factor]] of entriesOf(rule.derive)) {
      const origin = draft.get(from);
      if (origin === undefined || draft.has(unit)) continue;
      draft.set(unit, derived(origin, factor, layer.kind, row));
    }
    for (const [name, factor] of Object.entries(rule.multiply ?? {})) {
      for (const [unit, known] of draft) {
        if (name !== 'all' && name !== unit && !(name === 'tokens' && isTokenUnit(unit))) continue;
        if (layer.kind !== 'override' && statedFor(known.when, rule.when)) continue;
        draft.set(unit, derived(known, factor, layer.kind, row));
      }
    }
    for (const [unit, quantity] of entriesOf(rule.minimum)) minimum.set(unit, quantity);
  }
  const rates = new Map<RateUnit, CompiledRate>();
  for (const [unit, rate] of draft) {
    rates.set(unit, compileRate(rate.value, perUnits[unit], rate.source, rate.row));
  }
  const byModality = [...rates.keys()].some((unit) => modalities.has(unit));
  // Rates that the user states are the contract, and hold for whatever tier they are stated for.
  const overridden = statedBy === sourceRank.override;
  return {
    rates,
    minimum,
    contract: overridden ? undefined : contract,
    tierKnown: tierKnown || overridden,
    byModality,
  };
}

/** A rate that was stated for a region or a tier is not multiplied for that same region or tier again. */
function statedFor(
  stated: PriceConditions | undefined,
  factor: PriceConditions | undefined,
): boolean {
  if (stated === undefined || factor === undefined) return false;
  const names = Object.keys(factor) as (keyof PriceConditions)[];
  return names.length > 0 && names.every((name) => stated[name] !== undefined);
}

/**
 * Puts the list price beside every rate that differs from it, and makes rates explicit that either
 * side falls back from to a wider unit, because the two may fall back differently. A unit that the list
 * lacks has the user's `own` rate before discounts for its list price.
 */
function besideList(
  rates: ReadonlyMap<RateUnit, CompiledRate>,
  list: ReadonlyMap<RateUnit, CompiledRate>,
  own: ReadonlyMap<RateUnit, CompiledRate>,
): Map<RateUnit, CompiledRate> {
  const both = new Map(rates);
  for (const unit of new Set([...rates.keys(), ...list.keys()])) {
    const rate = rateFor(rates, unit);
    const listRate = rateFor(list, unit) ?? rateFor(own, unit);
    if (rate === undefined) continue;
    both.set(
      unit,
      listRate === undefined || listRate.rate === rate.rate ? rate : { ...rate, list: listRate },
    );
  }
  return both;
}

function derived(
  origin: DraftRate,
  factor: string,
  kind: CompiledRate['source'],
  row: PriceRow,
): DraftRate {
  return {
    ...origin,
    value: multiplyDecimals(origin.value, decimalOf(factor)),
    source: sourceRank[kind] > sourceRank[origin.source] ? kind : origin.source,
    // A tier or a region is part of the list price's row; a discount is the user's own.
    row: kind === 'override' ? row : origin.row,
  };
}

/**
 * Makes a price for `per` units ready to be multiplied. Here, and nowhere else, a rate is rounded: amounts
 * are computed from the figure that is recorded with them.
 */
export function compileRate(
  product: Decimal,
  per: number,
  source: CompiledRate['source'],
  row: PriceRow,
): CompiledRate {
  const value = roundDecimal(product, rateDecimals);
  const shift = picodollarDigits - value.digits;
  const numerator = shift >= 0 ? value.numerator * 10n ** BigInt(shift) : value.numerator;
  const denominator = shift >= 0 ? BigInt(per) : BigInt(per) * 10n ** BigInt(-shift);
  const each = numerator % denominator === 0n ? numerator / denominator : undefined;
  return { rate: formatDecimal(value), per, numerator, denominator, each, source, row };
}

function entriesOf<Value>(
  record: { readonly [unit in RateUnit]?: Value } | undefined,
): [RateUnit, Value][] {
  return Object.entries(record ?? {}).filter(
    (entry): entry is [RateUnit, Value] => isRateUnit(entry[0]) && entry[1] !== undefined,
  );
}

const modalities: ReadonlySet<RateUnit> = new Set([
  'input_audio',
  'input_image',
  'input_video',
  'cache_read_audio',
  'cache_read_image',
  'output_audio',
  'output_image',
  'output_video',
  'output_reasoning',
]);
