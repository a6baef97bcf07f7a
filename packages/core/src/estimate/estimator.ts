import type { Demand } from '../budget/hold.js';
import { divideHalfEven, type Picodollars } from '../money.js';
import type { TokenPriceQuestion } from '../pricing/price-book.js';
import type { TokenPrices } from '../pricing/token-prices.js';
import type { CallContext } from '../usage/call-context.js';
import type { Tags } from '../tags.js';
import { isFields } from '../usage/fields.js';
import { totalInput, type PriceModifiers, type Usage } from '../usage/usage.js';
import { CacheModel, type CacheModelState, type CacheShares } from './cache-model.js';
import { GroupKeys } from './group-keys.js';
import { InputModel, type InputModelState, type InputPrediction } from './input-model.js';
import {
  OutputModel,
  type OutputGroup,
  type OutputModelState,
  type OutputPrediction,
} from './output-model.js';

/** What is known of a call before it leaves. */
export interface CallShape {
  provider: string;
  /** Provider whose prices hold, where that is another name. */
  priceAs?: string | undefined;
  model: string;
  tags: Pick<Tags, 'feature' | 'template_version'>;
  /** Milliseconds since the epoch. */
  at: number;
  /** Bytes of the request without inline files. */
  textBytes: number;
  fileTokens: number;
  /** Output tokens that the request allows; null when it sets no limit. */
  maxOutput: number | null;
  /** Whether the request writes to a prompt cache, and for how long. */
  caching: 'none' | '5m' | '1h';
  /** False for APIs that answer with vectors or scores. */
  hasOutput: boolean;
  /** False where the request's limit of output cannot be lowered. Default true. */
  mayClamp?: boolean | undefined;
  modifiers?: PriceModifiers | undefined;
  context?: CallContext | undefined;
  /** The input where it was counted: nothing is then predicted of it. */
  counted?: InputPrediction | undefined;
  /** What the call costs by its settings, where no tokens say it (images, speech), in picodollars. */
  statedCost?: Picodollars | undefined;
}

export interface CallEstimate {
  input: InputPrediction;
  output: OutputPrediction;
  /**
   * Picodollars; null when the model has no known price per token. Only `expected` counts on the
   * provider's cache; the others hold for a call that finds nothing in it.
   */
  cost: { expected: Picodollars; q95: Picodollars; q99: Picodollars; bound: Picodollars } | null;
  demand: Demand;
}

export interface EstimatorState {
  version: 1;
  input: InputModelState;
  output: OutputModelState;
  /** Absent in what earlier versions wrote. */
  cache?: CacheModelState;
}

/** What an answer takes whose request sets no limit and of which nothing is known (requirement R16). */
export const unknownOutput = 500;
/** An answer of which nothing is known is seldom longer, where budgets must share what is left. */
const enoughOutput = 4_096;
/** The most that a model answers when the request sets no limit: few allow more in one answer. */
const unlimitedOutput = 32_768;

/**
 * What a call will take, before it leaves and without reading its text: input from the bytes of the
 * request by the ratio of its feature, output from what calls of its feature, template, model and
 * size took, cost from the price book. Learns from every call that ends.
 */
export class Estimator {
  readonly #input: InputModel;
  readonly #output: OutputModel;
  readonly #cache: CacheModel;
  readonly #keys = new GroupKeys();
  readonly #prices: (question: TokenPriceQuestion) => TokenPrices | null;

  constructor(
    prices: (question: TokenPriceQuestion) => TokenPrices | null,
    state?: EstimatorState,
  ) {
    this.#prices = prices;
    this.#input = state === undefined ? new InputModel() : InputModel.restore(state.input);
    this.#output = state === undefined ? new OutputModel() : OutputModel.restore(state.output);
    this.#cache = state?.cache === undefined ? new CacheModel() : CacheModel.restore(state.cache);
  }

  estimate(shape: CallShape): CallEstimate {
    if (shape.statedCost !== undefined) return statedEstimate(shape.statedCost);
    const group = groupOf(shape);
    const key = this.#keys.of(group).input;
    const input = shape.counted ?? this.#input.predict(key, shape);
    const output = shape.hasOutput ? this.#predictOutput(group, shape, input.expected) : noOutput;
    const mostOutput = shape.hasOutput ? (shape.maxOutput ?? unlimitedOutput) : 0;
    const prices = this.#prices(questionOf(shape, input.expected));
    const inputPrice = prices === null ? 0n : priceOfInput(prices, shape.caching);
    const outputPrice = prices?.output ?? 0n;
    const demand: Demand = {
      inputTokens: input.bound,
      inputCost: costOf(input.bound, inputPrice, 0, 0n),
      outputPrice,
      likelyOutput: output.basis === 'none' ? mostOutput : Math.ceil(output.q99),
      mostOutput,
      mayClamp: shape.hasOutput && shape.mayClamp !== false,
    };
    if (output.basis === 'none') demand.enoughOutput = enoughOutput;
    if (prices === null) return { input, output, cost: null, demand };
    const { expected, bound } = input;
    const saved = savedByCache(prices, inputPrice, expected, this.#cache.predict(key));
    const mean = costOf(expected, inputPrice, output.mean, outputPrice);
    return {
      input,
      output,
      cost: {
        expected: saved === 0n ? mean : mean - saved,
        q95: costOf(expected, inputPrice, output.q95, outputPrice),
        q99: costOf(expected, inputPrice, output.q99, outputPrice),
        bound: costOf(bound, inputPrice, mostOutput, outputPrice),
      },
      demand,
    };
  }

  /** Learns from the usage that the provider counted; estimated usage teaches nothing. */
  learn(shape: CallShape, usage: Usage, predicted?: OutputPrediction): void {
    if (usage.estimated) return;
    const inputTokens = totalInput(usage.tokens);
    const group = groupOf(shape);
    const key = this.#keys.of(group).input;
    this.#input.learn(key, shape, inputTokens);
    this.#cache.learn(key, usage.tokens, inputTokens);
    if (!shape.hasOutput) return;
    this.#output.learn(group, inputTokens, usage.tokens.output, predicted);
  }

  state(): EstimatorState {
    return {
      version: 1,
      input: this.#input.state(),
      output: this.#output.state(),
      cache: this.#cache.state(),
    };
  }

  #predictOutput(group: OutputGroup, shape: CallShape, inputTokens: number): OutputPrediction {
    const learned = this.#output.predict(group, inputTokens);
    const most = shape.maxOutput ?? Number.POSITIVE_INFINITY;
    const { mean, q50, q95, q99, basis, calls } = learned;
    if (basis === 'none') {
      const guess = Math.min(unknownOutput, most);
      const worst = Math.min(most, unlimitedOutput);
      return { mean: guess, q50: guess, q95: worst, q99: worst, basis, calls };
    }
    if (most >= q99 && most >= mean) return learned;
    // No answer is longer than its request allows.
    return {
      mean: Math.min(mean, most),
      q50: Math.min(q50, most),
      q95: Math.min(q95, most),
      q99: Math.min(q99, most),
      basis,
      calls,
    };
  }
}

function questionOf(shape: CallShape, inputTokens: number): TokenPriceQuestion {
  const question: TokenPriceQuestion = {
    provider: shape.priceAs ?? shape.provider,
    model: shape.model,
    at: shape.at,
    inputTokens,
    hasOutput: shape.hasOutput,
  };
  if (shape.modifiers !== undefined) question.modifiers = shape.modifiers;
  if (shape.context !== undefined) question.context = shape.context;
  return question;
}

/** Tokens at their prices, in picodollars. Output that is a mean counts as the next whole token. */
function costOf(input: number, inputPrice: bigint, output: number, outputPrice: bigint): bigint {
  const outputTokens = Math.ceil(output);
  // Exact as long as it is a whole number below 2^53: 9,000 USD. Faster than big ones by half.
  const cost = input * Number(inputPrice) + outputTokens * Number(outputPrice);
  if (Number.isSafeInteger(cost)) return BigInt(cost);
  return BigInt(input) * inputPrice + BigInt(outputTokens) * outputPrice;
}

/**
 * What an estimator learned, read back from where it was kept. Null when that is damaged or of another
 * version: what is wrong with it would go on into every estimate.
 */
export function readEstimatorState(value: unknown): EstimatorState | null {
  if (!isFields(value) || value['version'] !== 1) return null;
  const { input, output, cache } = value;
  const isRight =
    isFields(input) &&
    isFields(output) &&
    areSeries(input['windows']) &&
    areSeries(output['windows']) &&
    areSeries(output['levels'], targetCount) &&
    (cache === undefined || (isFields(cache) && areSeries(cache['sums'], sumCount)));
  return isRight ? (value as unknown as EstimatorState) : null;
}

/** Calls, input, what was read and what was written. */
const sumCount = 4;
/** Levels are kept for three quantiles. */
const targetCount = 3;

function areSeries(value: unknown, length?: number): boolean {
  return (
    Array.isArray(value) &&
    value.every((item: unknown) => {
      if (!Array.isArray(item) || item.length !== 2 || typeof item[0] !== 'string') return false;
      const numbers: unknown = item[1];
      return (
        Array.isArray(numbers) &&
        (length === undefined || numbers.length === length) &&
        numbers.every((number) => Number.isFinite(number) && (number as number) >= 0)
      );
    })
  );
}

/**
 * How far the actual cost lies from the estimate, as the seeds define drift: the difference by the
 * larger of the estimate and 0.0001 USD. 0.3 is 30 % above, −0.3 is 30 % below.
 */
export function costDrift(estimated: Picodollars, actual: Picodollars): number {
  const least = 100_000_000n;
  const base = estimated > least ? estimated : least;
  return Number(divideHalfEven((actual - estimated) * 1_000_000n, base)) / 1e6;
}

/** A cost that follows from the request alone is expected, and the most that it can be. */
function statedEstimate(usd: Picodollars): CallEstimate {
  return {
    input: { expected: 0, bound: 0, method: 'request' },
    output: noOutput,
    cost: { expected: usd, q95: usd, q99: usd, bound: usd },
    demand: {
      inputTokens: 0,
      inputCost: usd,
      outputPrice: 0n,
      likelyOutput: 0,
      mostOutput: 0,
      mayClamp: false,
    },
  };
}

const noOutput: OutputPrediction = { mean: 0, q50: 0, q95: 0, q99: 0, basis: 'all', calls: 0 };

function priceOfInput(
  { input, cacheWrite, cacheWrite1h }: TokenPrices,
  caching: CallShape['caching'],
): bigint {
  if (caching === '1h') return cacheWrite1h;
  return caching === '5m' ? cacheWrite : input;
}

/**
 * How much less the input is expected to cost than at `inputPrice`, the most that it may: what is read
 * from a cache has that price, and what is neither read nor written the plain one.
 */
function savedByCache(
  prices: TokenPrices,
  inputPrice: bigint,
  inputTokens: number,
  shares: CacheShares | null,
): bigint {
  if (shares === null) return 0n;
  const { read, written } = shares;
  // Whole numbers below 2^53: 20 million tokens at 400 USD a million. Faster than big ones by half.
  const price = Number(inputPrice);
  let saved = read > 0 ? Math.floor(inputTokens * read) * (price - Number(prices.cacheRead)) : 0;
  // The request asks for a cache to be written: what is not has the plain price.
  if (inputPrice > prices.input) {
    const plain = Math.max(0, Math.floor(inputTokens * (1 - read - written)));
    saved += plain * (price - Number(prices.input));
  }
  return saved > 0 ? BigInt(saved) : 0n;
}

function groupOf({ tags, model }: CallShape): OutputGroup {
  return { feature: tags.feature, template_version: tags.template_version, model };
}
