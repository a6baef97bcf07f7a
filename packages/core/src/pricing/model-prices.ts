import type { CostSource, PriceRow } from './charge.js';
import type { PriceConditions, PriceLayer, PriceRule } from './price-rows.js';
import type { RateUnit } from './rate-units.js';

/** A model by the names that the price book has for it. */
export interface ModelName {
  provider: string;
  model: string;
}

/** How the id that was asked for was found in the book. */
export type ModelMatch =
  /** The book lists the id itself. */
  | 'exact'
  /** The id is declared as another name of a listed model. */
  | 'alias'
  /** A listed id followed by a date, which providers append to name a snapshot. */
  | 'dated_suffix'
  /** A listed id behind a path, a provider's name or a region (`models/…`, `us.anthropic.…`). */
  | 'prefix'
  /** The user declared it to be priced as another model. */
  | 'same_as';

/** One row of the book that speaks about a model, with the layer that it stands in. */
export interface ModelPriceRow extends PriceRule {
  readonly layer: PriceLayer['kind'];
  /** Name and edition of the layer, e.g. `genai-prices@0.1.8`, `farthing.yaml`. */
  readonly book: string;
}

/** One rate as a call would be charged, with the public list price where that differs. */
export interface EffectiveRate {
  unit: RateUnit;
  /** Decimal string in USD for `per` units. */
  rate_usd: string;
  per: number;
  list_rate_usd?: string;
  source: CostSource;
  price: PriceRow;
  /** The least quantity that is billed. */
  minimum?: number;
}

/** What `ratesAt` is asked about. Everything left out is the ordinary case. */
export interface RateSituation {
  /** ISO 8601, or milliseconds since the epoch. */
  at: string | number;
  conditions?: PriceConditions;
  /** All input tokens of the call: decides long-context bands. 0 when left out. */
  input_tokens?: number;
}

export interface EffectiveRates {
  rates: EffectiveRate[];
  /** Set where the price is a private contract: the sentence that says so. Rates are then no bill. */
  contract?: string;
}

/** Everything that the price book says about one model. */
export interface ModelPrices {
  /** The provider asked for, by Farthing's name. */
  provider: string;
  /** The book's own id. */
  model: string;
  /** Whose price list has it: another provider's for clouds that resell it. */
  owner: string;
  match: ModelMatch;
  /** The id under which the book found it, e.g. the asked id without its date. */
  matched_id: string;
  /** The known model it is priced as, where the match is `same_as`. */
  same_as?: ModelName;
  aliases: string[];
  /** In the order in which they apply: later rows go over earlier ones. */
  rows: ModelPriceRow[];
  /** The rates in force in a situation. Throws `invalid_time`. */
  ratesAt(situation: RateSituation): EffectiveRates;
}
