import {
  canonicalProvider,
  FarthingError,
  type EffectiveRate,
  type ListedPrice,
  type ModelName,
  type PriceBook,
  type PriceView,
} from '@farthing/core';

/** Where a model is looked for when no provider is named, in this order. */
const commonProviders = [
  'openai',
  'anthropic',
  'google',
  'mistral',
  'deepseek',
  'xai',
  'cohere',
  'groq',
  'moonshotai',
  'perplexity',
  'voyageai',
  'aws-bedrock',
  'azure',
];

/**
 * What the book says about a model. Without a provider the model is looked for at the one that it is
 * prefixed with, at the common ones, then at all; others that have it at other prices are named.
 * Throws `unknown_model` with what was probably meant.
 */
export function showPrices(
  book: PriceBook,
  asked: { provider?: string | undefined; model: string; at: string },
): PriceView {
  const provider = asked.provider ?? providerOf(book, asked.model);
  const found = provider === null ? null : book.describe(provider, asked.model);
  if (found === null) throw unknown(book, asked);
  const { ratesAt, ...described } = found;
  const { rates, contract } = ratesAt({ at: asked.at });
  return {
    ...described,
    at: asked.at,
    rates,
    others: asked.provider === undefined ? otherPrices(book, asked, found.provider, rates) : [],
    ...(contract === undefined ? {} : { contract }),
  };
}

/** Providers that have the model at another rate for something that both charge for. */
function otherPrices(
  book: PriceBook,
  { model, at }: { model: string; at: string },
  shown: string,
  rates: readonly EffectiveRate[],
): string[] {
  const prices = new Map(rates.map((rate) => [rate.unit, priceOf(rate)]));
  return providersOf(book).filter((provider) => {
    if (provider === shown) return false;
    const other = book.describe(provider, model)?.ratesAt({ at }).rates ?? [];
    return other.some((rate) => (prices.get(rate.unit) ?? priceOf(rate)) !== priceOf(rate));
  });
}

const priceOf = ({ rate_usd: rate, per }: EffectiveRate): string => `${rate} for ${per}`;

function providersOf(book: PriceBook): string[] {
  return [...new Set(book.models().map(({ provider }) => provider))].sort();
}

/** Looked for at the one that it is prefixed with, at the common ones, then at all. */
export function providerOf(book: PriceBook, model: string): string | null {
  const prefix = model.includes('/') ? canonicalProvider(model.slice(0, model.indexOf('/'))) : '';
  const first = prefix === '' ? commonProviders : [prefix, ...commonProviders];
  const named = first.find((provider) => book.knows(provider, model));
  if (named !== undefined) return named;
  return providersOf(book).find((provider) => book.knows(provider, model)) ?? null;
}

function unknown(
  book: PriceBook,
  { provider, model }: { provider?: string | undefined; model: string },
): FarthingError {
  const suggestion = suggest(book, provider, model);
  const where = provider === undefined ? '' : ` of provider "${canonicalProvider(provider)}"`;
  const meant =
    suggestion === null ? '' : ` Did you mean ${suggestion.provider}/${suggestion.model}?`;
  return new FarthingError(
    'unknown_model',
    `There is no price for model "${model}"${where}.${meant} "farthing prices list --search" lists what there is; "farthing prices set" adds your own.`,
  );
}

/** The listed model that an unknown one most likely means, wherever it is listed. */
export function suggest(
  book: PriceBook,
  provider: string | undefined,
  model: string,
): ModelName | null {
  const providers = provider === undefined ? commonProviders : [provider];
  for (const candidate of providers) {
    const suggestion = book.suggest(candidate, model);
    if (suggestion !== null) return suggestion;
  }
  return null;
}

/** The models that the book has, with the rates of an ordinary call at the time. */
export function listPrices(
  book: PriceBook,
  {
    provider,
    search,
    at,
  }: { provider?: string | undefined; search?: string | undefined; at: string },
): ListedPrice[] {
  const wanted = search?.toLowerCase();
  const names = book
    .models(provider)
    .filter(
      (name) =>
        wanted === undefined || `${name.provider}/${name.model}`.toLowerCase().includes(wanted),
    );
  return names.map((name) => {
    const { rates } = book.describe(name.provider, name.model)?.ratesAt({ at }) ?? { rates: [] };
    const rate = (unit: string) => rates.find((one) => one.unit === unit);
    const order = ['override', 'overlay', 'base'];
    const sources = new Set<string>(rates.map(({ source }) => source));
    return {
      ...name,
      input_per_mtok: rate('input')?.rate_usd ?? null,
      cache_read_per_mtok: rate('cache_read')?.rate_usd ?? null,
      output_per_mtok: rate('output')?.rate_usd ?? null,
      source: order.find((source) => sources.has(source)) ?? null,
    };
  });
}
