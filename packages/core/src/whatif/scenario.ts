import type { CacheSetting } from '../cache/cache-settings.js';
import { FarthingError } from '../errors.js';
import { didYouMean, nearestName } from '../suggest.js';
import type { ModelName } from '../pricing/model-prices.js';
import type { PriceBook } from '../pricing/price-book.js';
import { readPriceFile } from '../pricing/price-file/read-price-file.js';
import { ruleLayer } from '../pricing/price-rows.js';
import { canonicalProvider } from '../usage/providers.js';

/** What is to be different. Everything left out stays as it was. */
export interface Scenario {
  /** The model to price the calls as: an id, or `provider/id`. */
  model?: string;
  /** Whose prices: of the same model, or of `model`. */
  provider?: string;
  /** Sent as batches. */
  batch?: boolean;
  /** This share of the input is read from the provider's prompt cache, 0 to 1. */
  cache_hit_ratio?: number;
  /** A cache setting, played through the prompts as they came; where nothing is known of them they stay. */
  cache?: CacheSetting;
  /** At most so many tokens of earlier turns in a request. */
  history_cap?: number;
  /** At most so many tokens in an answer. */
  output_cap?: number;
  /** Answers are so many times as long, e.g. 1.3 as samples on the other model showed. */
  output_factor?: number;
  /** Prices of one's own for `model`, USD per million tokens: `{"input": "0.1", "output": "0.4"}`. */
  price?: Readonly<Record<string, string>>;
}

/**
 * Reads prices as people type them: `input=0.1,output=0.4,cache_read=0.01`, USD per million tokens.
 * Throws `invalid_price`.
 */
export function readScenarioPrice(text: string): Record<string, string> {
  const price: Record<string, string> = {};
  for (const part of text.split(',')) {
    const match = /^\s*([a-z0-9_]+)\s*[=:]\s*(\d+(?:\.\d+)?)\s*$/.exec(part);
    if (match === null) {
      throw new FarthingError(
        'invalid_price',
        `"${part.trim()}" is no price. Write input=0.1,output=0.4 (USD per million tokens); cache_read and cache_write may follow.`,
      );
    }
    price[match[1]!] = match[2]!;
  }
  return price;
}

/** The book with the scenario's own prices over it. Throws `invalid_prices`, `invalid_scenario`. */
export function scenarioPrices(book: PriceBook, { price, model, provider }: Scenario): PriceBook {
  if (price === undefined) return book;
  if (model === undefined) {
    throw new FarthingError(
      'invalid_scenario',
      'Prices of your own need the model that they are for: give model, e.g. --model house/llama-70b --price input=0.1,output=0.4.',
    );
  }
  const name = splitName(book, model, provider) ?? { provider: provider ?? ownProvider, model };
  const { rules } = readPriceFile([{ ...name, rates_per_mtok: price }], 'what-if');
  return book.over(ruleLayer('override', 'what-if', rules));
}

/** Whose a model of one's own prices is, where nobody says. */
const ownProvider = 'own';

/**
 * The model that a scenario prices a call as. A bare id is looked for at the call's own provider first, so
 * that calls through Azure stay there, and then at whoever lists it. Null where nobody does.
 */
export function targetOf(
  book: PriceBook,
  { model, provider }: Scenario,
  source: ModelName,
): ModelName | null {
  if (model === undefined) {
    const whose = canonicalProvider(provider ?? source.provider);
    return { provider: whose, model: source.model };
  }
  const split = splitName(book, model, provider);
  if (split !== null) return split;
  const own = canonicalProvider(source.provider);
  if (book.knows(own, model)) return { provider: own, model };
  const owner = ownersOf(book, model)[0];
  return owner === undefined ? null : { provider: owner, model };
}

/**
 * Throws `invalid_scenario` for settings that exclude each other, and `unknown_model` or `unknown_provider`
 * (with the nearest name) where no price list has what the scenario names.
 */
export function checkTarget(book: PriceBook, scenario: Scenario): void {
  if (scenario.cache !== undefined && scenario.cache_hit_ratio !== undefined) {
    throw new FarthingError(
      'invalid_scenario',
      'Give cache or cache_hit_ratio, not both: one is played through, the other is given.',
    );
  }
  const { model, provider } = scenario;
  if (model === undefined) {
    if (provider === undefined || book.models(provider).length > 0) return;
    const known = [...new Set(book.models().map((each) => each.provider))];
    throw new FarthingError(
      'unknown_provider',
      `No price list has provider "${provider}".${didYouMean(provider, known)}`,
    );
  }
  const split = splitName(book, model, provider);
  if (split === null ? ownersOf(book, model).length > 0 : book.knows(split.provider, split.model)) {
    return;
  }
  const near = nearestModel(book, split, model);
  const hint = near === null ? '' : ` Did you mean "${near}"?`;
  throw new FarthingError(
    'unknown_model',
    `No price list has model "${model}".${hint} See "farthing prices list", or give prices of your own (price: input=…,output=…).`,
  );
}

function nearestModel(book: PriceBook, split: ModelName | null, model: string): string | null {
  const near = split === null ? null : book.suggest(split.provider, split.model);
  if (near !== null) return `${near.provider}/${near.model}`;
  const name = split?.model ?? model;
  const makersModels = makers.flatMap((provider) => book.models(provider));
  return nearestName(name, [...new Set(makersModels.map((each) => each.model))]);
}

/** `provider/id`, where what stands before the first stroke is a provider; null for a bare id. */
function splitName(book: PriceBook, text: string, provider: string | undefined): ModelName | null {
  if (provider !== undefined) return { provider: canonicalProvider(provider), model: text };
  const stroke = text.indexOf('/');
  if (stroke <= 0) return null;
  const name = canonicalProvider(text.slice(0, stroke));
  const model = text.slice(stroke + 1);
  return book.knows(name, model) || book.models(name).length > 0 ? { provider: name, model } : null;
}

/** The makers' own lists before those of resellers. */
const makers = ['openai', 'anthropic', 'google', 'mistral', 'deepseek', 'xai', 'cohere'];

function ownersOf(book: PriceBook, model: string): string[] {
  const known = makers.filter((provider) => book.knows(provider, model));
  if (known.length > 0) return known;
  return book
    .models()
    .filter((each) => each.model === model)
    .map(({ provider }) => provider);
}
