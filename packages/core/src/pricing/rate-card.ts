import type { CostSource, PriceRow } from './charge.js';
import { decimalOf, formatDecimal, multiplyDecimals, type Decimal } from './decimal.js';
import type { LayeredRule } from './model-index.js';
import { isRateUnit, isTokenUnit, perUnits, type RateUnit } from './rate-units.js';

const picodollarDigits = 12;

/** A rate, ready to be multiplied: the exact price of one unit as a fraction of picodollars. */
export interface CompiledRate {
  /** As published, for {@link perUnits} of the unit. */
  readonly rate: string;
  readonly per: number;
  readonly numerator: bigint;
  readonly denominator: bigint;
  /** The price of one unit where it is a whole number of picodollars, which it nearly always is. */
  readonly each: bigint | undefined;
  /** The highest layer that had a part in it. */
  readonly source: Exclude<CostSource, 'reported' | 'source'>;
  readonly row: PriceRow;
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
}

const sourceRank = { base: 0, overlay: 1, override: 2 } as const;

/** Applies rules in their order: set, derive, multiply. Throws `invalid_amount` for malformed rates. */
export function buildRateCard(
  owner: string,
  model: string,
  rules: readonly LayeredRule[],
): RateCard {
  const draft = new Map<RateUnit, DraftRate>();
  const minimum = new Map<RateUnit, number>();
  let contract: string | undefined;
  let statedBy: number = sourceRank.base;
  let tierKnown = false;
  for (const { rule, layer } of rules) {
    const rank = sourceRank[layer.kind];
    if (rule.when?.service_tier !== undefined || rule.when?.speed !== undefined) tierKnown = true;
    if (rule.contract !== undefined) contract = rule.contract;
    if (rule.complete) draft.clear();
    if (rule.rates !== undefined) statedBy = Math.max(statedBy, rank);
    const row: PriceRow = { book: layer.book, provider: owner, model };
    if (rule.from !== undefined) row.effective_from = rule.from;
    for (const [unit, rate] of entriesOf(rule.rates)) {
      draft.set(unit, { value: decimalOf(rate), source: layer.kind, row });
    }
    for (const [unit, [from, factor]] of entriesOf(rule.derive)) {
      const origin = draft.get(from);
      if (origin === undefined || draft.has(unit)) continue;
      draft.set(unit, derived(origin, factor, layer.kind));
    }
    for (const [name, factor] of Object.entries(rule.multiply ?? {})) {
      for (const [unit, known] of draft) {
        if (name === 'all' || name === unit || (name === 'tokens' && isTokenUnit(unit))) {
          draft.set(unit, derived(known, factor, layer.kind));
        }
      }
    }
    for (const [unit, quantity] of entriesOf(rule.minimum)) minimum.set(unit, quantity);
  }
  const rates = new Map<RateUnit, CompiledRate>();
  for (const [unit, rate] of draft) rates.set(unit, compile(unit, rate));
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

function derived(origin: DraftRate, factor: string, kind: CompiledRate['source']): DraftRate {
  const source = sourceRank[kind] > sourceRank[origin.source] ? kind : origin.source;
  return { value: multiplyDecimals(origin.value, decimalOf(factor)), source, row: origin.row };
}

function compile(unit: RateUnit, { value, source, row }: DraftRate): CompiledRate {
  const per = perUnits[unit];
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
