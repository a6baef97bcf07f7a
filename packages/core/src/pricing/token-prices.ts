import type { CompiledRate, RateCard } from './rate-card.js';
import { rateFor } from './rate-for.js';
import type { RateUnit } from './rate-units.js';

/** What one token costs, in picodollars, rounded up: for holds before a call leaves, never for bills. */
export interface TokenPrices {
  readonly input: bigint;
  /** An input token that is read from the provider's cache; the input price where that costs no less. */
  readonly cacheRead: bigint;
  /** An input token that is written to the provider's cache; the input price where that costs no more. */
  readonly cacheWrite: bigint;
  readonly cacheWrite1h: bigint;
  /** The dearer of text and hidden reasoning. */
  readonly output: bigint;
}

/**
 * Null where the model has no price per token: contracts, GPU time, images by the piece. Calls that
 * answer with vectors or scores need no price of output.
 */
export function tokenPrices(card: RateCard, hasOutput = true): TokenPrices | null {
  const known = hasOutput ? withOutput : withoutOutput;
  let prices = known.get(card);
  if (prices === undefined) {
    prices = pricesOf(card, hasOutput);
    known.set(card, prices);
  }
  return prices;
}

/** Of cards that were asked for before: every call asks, and cards do not change. */
const withOutput = new WeakMap<RateCard, TokenPrices | null>();
const withoutOutput = new WeakMap<RateCard, TokenPrices | null>();

function pricesOf(card: RateCard, hasOutput: boolean): TokenPrices | null {
  if (card.contract !== undefined || card.rates.has('gpu_seconds')) return null;
  const price = (unit: RateUnit) => each(rateFor(card.rates, unit));
  const ofOutput = (unit: RateUnit) => price(unit) ?? (hasOutput ? null : 0n);
  const input = price('input');
  const [text, reasoning] = [ofOutput('output'), ofOutput('output_reasoning')];
  if (input === null || text === null || reasoning === null) return null;
  const atLeastInput = (amount: bigint | null) =>
    amount !== null && amount > input ? amount : input;
  const read = price('cache_read');
  return {
    input,
    cacheRead: read !== null && read < input ? read : input,
    cacheWrite: atLeastInput(price('cache_write_5m')),
    cacheWrite1h: atLeastInput(price('cache_write_1h')),
    output: reasoning > text ? reasoning : text,
  };
}

function each(rate: CompiledRate | undefined): bigint | null {
  if (rate === undefined) return null;
  const { numerator, denominator } = rate;
  return rate.each ?? (numerator + denominator - 1n) / denominator;
}
