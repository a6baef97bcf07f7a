import { divideHalfEven, type Picodollars } from '../money.js';
import { decimalOf } from '../pricing/decimal.js';
import type { EffectiveRate, ModelName, ModelPrices } from '../pricing/model-prices.js';
import type { PriceBook } from '../pricing/price-book.js';
import type { PriceConditions } from '../pricing/price-rows.js';
import { compileRate, type CompiledRate } from '../pricing/rate-card.js';
import { rateFor } from '../pricing/rate-for.js';
import type { RateUnit } from '../pricing/rate-units.js';
import { tokenKinds, type TokenKind, type TokenSums } from './usage-sums.js';

/** Why a model has no price per token. */
export type Obstacle = 'unknown_model' | 'contract_required' | 'no_token_price' | 'no_batch_price';

/** What one call is like, as far as its price goes. */
export interface PricedSituation {
  model: ModelName;
  /** Milliseconds since the epoch. */
  at: number;
  /** Input tokens of one call: they decide long-context bands. */
  inputTokens: number;
  batch: boolean;
}

export type ModelRates = ReadonlyMap<RateUnit, CompiledRate>;

/** Rates of models out of a price book, kept while one answer is made. */
export class RateLookup {
  readonly #book: PriceBook;
  readonly #models = new Map<string, ModelPrices | null>();
  readonly #rates = new Map<string, ModelRates | Obstacle>();

  constructor(book: PriceBook) {
    this.#book = book;
  }

  describe({ provider, model }: ModelName): ModelPrices | null {
    const key = `${provider}\n${model}`;
    let known = this.#models.get(key);
    if (known === undefined) {
      known = this.#book.describe(provider, model);
      this.#models.set(key, known);
    }
    return known;
  }

  /**
   * The rates in force. A model that had no price yet at that time has its first one: what would have
   * been is asked of models that came later, too.
   */
  rates(situation: PricedSituation): ModelRates | Obstacle {
    const { model, at, inputTokens, batch } = situation;
    const prices = this.describe(model);
    if (prices === null) return 'unknown_model';
    const bounds = prices.rows.flatMap(({ threshold }) => threshold?.tokens ?? []);
    // Calls in the same bands share their rates.
    const band = bounds.map((bound) => Math.sign(inputTokens - bound)).join('');
    const key = `${model.provider}\n${model.model}\n${at}\n${band}\n${batch}`;
    let known = this.#rates.get(key);
    if (known === undefined) {
      known = ratesOf(prices, at, inputTokens, batch);
      this.#rates.set(key, known);
    }
    return known;
  }

  /** Whether the price of a model says anything of batches. */
  hasBatch(model: ModelName): boolean {
    return this.describe(model)?.rows.some(speaksOfBatch) ?? false;
  }
}

const speaksOfBatch = ({ when }: { when?: PriceConditions }) => when?.service_tier === 'batch';

function ratesOf(
  prices: ModelPrices,
  at: number,
  inputTokens: number,
  batch: boolean,
): ModelRates | Obstacle {
  if (batch && !prices.rows.some(speaksOfBatch)) return 'no_batch_price';
  const conditions: PriceConditions = batch ? { service_tier: 'batch' } : {};
  let found = prices.ratesAt({ at, conditions, input_tokens: inputTokens });
  if (!hasInput(found.rates)) {
    const later = firstPrice(prices, at);
    if (later === null) return 'no_token_price';
    found = prices.ratesAt({ at: later, conditions, input_tokens: inputTokens });
  }
  if (found.contract !== undefined) return 'contract_required';
  if (!hasInput(found.rates)) return 'no_token_price';
  return new Map(found.rates.map((rate) => [rate.unit, compiled(rate)]));
}

function hasInput(rates: readonly EffectiveRate[]): boolean {
  return (
    rates.some(({ unit }) => unit === 'input') && !rates.some(({ unit }) => unit === 'gpu_seconds')
  );
}

/** When the model's first price after a time begins, in milliseconds; null without one. */
export function firstPrice({ rows }: ModelPrices, at: number): number | null {
  const later = rows
    .filter(({ rates, from }) => rates?.input !== undefined && from !== undefined)
    .map(({ from }) => Date.parse(from!))
    .filter((from) => from > at);
  return later.length === 0 ? null : Math.min(...later);
}

function compiled({ rate_usd, per, source, price }: EffectiveRate): CompiledRate {
  const layer = source === 'reported' || source === 'source' ? 'override' : source;
  return compileRate(decimalOf(rate_usd), per, layer, price);
}

const unitOf: Readonly<Record<TokenKind, RateUnit>> = {
  input_uncached: 'input',
  cache_read: 'cache_read',
  cache_write: 'cache_write',
  cache_write_5m: 'cache_write_5m',
  cache_write_1h: 'cache_write_1h',
  output: 'output',
};

/** What tokens cost by kind; null where answers have no price (the model makes vectors). */
export function priceTokens(
  tokens: TokenSums,
  rates: ModelRates,
): Record<TokenKind, Picodollars> | null {
  const prices: Partial<Record<TokenKind, Picodollars>> = {};
  for (const kind of tokenKinds) {
    const quantity = BigInt(Math.round(tokens[kind]));
    const rate = rateFor(rates, unitOf[kind]);
    if (rate === undefined && quantity !== 0n) return null;
    prices[kind] =
      rate === undefined ? 0n : divideHalfEven(quantity * rate.numerator, rate.denominator);
  }
  return prices as Record<TokenKind, Picodollars>;
}

export function totalOf(prices: Readonly<Record<TokenKind, Picodollars>>): Picodollars {
  return tokenKinds.reduce((sum, kind) => sum + prices[kind], 0n);
}
