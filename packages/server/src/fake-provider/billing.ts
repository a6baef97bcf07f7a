import type { ProviderName } from './books.js';
import { picodollars, picodollarsPerToken } from './money.js';
import { rateCard, type Listing, type RateStrings } from './rate-card.js';
import { unitListingOf, type UnitListing } from './unit-rates.js';

export const tokenKinds = [
  'input_uncached',
  'cache_read',
  'cache_write',
  'cache_write_5m',
  'cache_write_1h',
  'output',
] as const;
export type TokenKind = (typeof tokenKinds)[number];
/** What is counted for images, sound and search; reports leave out those of which there are none. */
export const unitKinds = [
  'input_image',
  'input_audio',
  'output_image',
  'output_audio',
  'images',
  'audio_seconds',
  'input_characters',
  'search_units',
] as const;
export type UnitKind = (typeof unitKinds)[number];
export const billedKinds = [...tokenKinds, 'web_searches', ...unitKinds] as const;
export type BilledKind = (typeof billedKinds)[number];

/** Counts by kind. Kinds are disjoint; reasoning is part of `output`. */
export type Counts = Record<BilledKind, number>;
export type Amounts = Record<BilledKind, bigint>;

export function noCounts(): Counts {
  return {
    input_uncached: 0,
    cache_read: 0,
    cache_write: 0,
    cache_write_5m: 0,
    cache_write_1h: 0,
    output: 0,
    web_searches: 0,
    input_image: 0,
    input_audio: 0,
    output_image: 0,
    output_audio: 0,
    images: 0,
    audio_seconds: 0,
    input_characters: 0,
    search_units: 0,
  };
}

export interface Billable {
  provider: ProviderName;
  model: string;
  /** `default`, `flex` or `priority`. */
  tier: string;
  geo: string;
  counts: Counts;
  /** Milliseconds since the epoch: rates are dated. */
  at: number;
  /** Size and quality of images, where they are billed by the piece: `1024x1024 standard`. */
  imageKind?: string;
}

/** Which price holds for the request: its prompt decides, cached tokens included. */
export type ContextBand = 'standard' | 'long';

/**
 * What a request costs, in picodollars by kind; null when the model has no rates. Exact: every rate
 * is a whole number of picodollars a token, and a tenth more is still whole (checked by a test).
 */
export function bill(billable: Billable): { amounts: Amounts | null; band: ContextBand } {
  const units = unitListingOf(billable.provider, billable.model);
  if (units !== undefined) return { amounts: billUnits(units, billable), band: 'standard' };
  const listing = listingOf(billable.provider, billable.model);
  const period = listing?.periods.find(
    (candidate) => candidate.since === undefined || Date.parse(candidate.since) <= billable.at,
  );
  if (listing === undefined || period === undefined) return { amounts: null, band: 'standard' };
  const { counts } = billable;
  const prompt =
    counts.input_uncached +
    counts.cache_read +
    counts.cache_write +
    counts.cache_write_5m +
    counts.cache_write_1h;
  const long = period.long !== undefined && prompt > period.long.above;
  const rates =
    (billable.tier === 'flex' ? period.flex : undefined) ??
    (billable.tier === 'priority' ? period.priority : undefined) ??
    (long ? period.long?.rates : undefined) ??
    period.standard;
  const surcharge = listing.geoSurcharge === true && billable.geo === 'us';
  const amounts = noAmounts();
  for (const kind of tokenKinds) {
    const amount = BigInt(counts[kind]) * picodollarsPerToken(rateOf(rates, kind));
    amounts[kind] = surcharge ? (amount * 11n) / 10n : amount;
  }
  // Searches are priced per thousand: a thousandth of "per million tokens" is a thousand of each.
  amounts.web_searches =
    BigInt(counts.web_searches) * picodollarsPerToken(listing.webSearchPerThousand ?? '0') * 1000n;
  return { amounts, band: long ? 'long' : 'standard' };
}

/** Kinds without a rate are counted and cost nothing; an image of a size without one costs an unknown amount. */
function billUnits(listing: UnitListing, { counts, imageKind }: Billable): Amounts | null {
  const amounts = noAmounts();
  for (const kind of billedKinds) {
    const rate = listing.rates[kind];
    if (rate !== undefined) {
      amounts[kind] = (BigInt(counts[kind]) * picodollars(rate.usd)) / BigInt(rate.per);
    }
  }
  if (listing.images !== undefined) {
    const each = listing.images[imageKind ?? ''];
    if (each === undefined) return null;
    amounts.images = BigInt(counts.images) * picodollars(each);
  }
  return amounts;
}

export function noAmounts(): Amounts {
  return Object.fromEntries(billedKinds.map((kind) => [kind, 0n])) as Amounts;
}

function rateOf(rates: RateStrings, kind: TokenKind): string {
  switch (kind) {
    case 'input_uncached':
      return rates.input;
    case 'cache_read':
      return rates.cacheRead ?? rates.input;
    case 'cache_write':
      return rates.cacheWrite ?? rates.input;
    case 'cache_write_5m':
      return rates.cacheWrite5m ?? rates.input;
    case 'cache_write_1h':
      return rates.cacheWrite1h ?? rates.input;
    case 'output':
      return rates.output;
  }
}

/**
 * Exact name, declared snapshot, or the name of a model without one with a date behind it; never a
 * mere prefix, since another snapshot may cost something else.
 */
export function listingOf(provider: ProviderName, model: string): Listing | undefined {
  const undated = model.replace(/-(?:\d{8}|\d{4}-\d{2}-\d{2})$/, '');
  const own = rateCard.filter((listing) => listing.provider === provider);
  return (
    own.find((listing) => listing.model === model || listing.snapshot === model) ??
    own.find((listing) => listing.model === undated && listing.snapshot === undefined)
  );
}

/** The id that answers when `model` is asked for, as aliases resolve to dated snapshots. */
export function answeringModel(provider: ProviderName, model: string): string {
  const listing = listingOf(provider, model);
  return listing !== undefined && listing.model === model ? (listing.snapshot ?? model) : model;
}

/** The tier that serves a request: a tier without rates for the model falls back to the standard one. */
export function servedTier(model: string, requested: string | undefined): string {
  const tier = requested === 'fast' ? 'priority' : requested;
  if (tier !== 'flex' && tier !== 'priority') return 'default';
  const listing = listingOf('openai', model);
  return listing?.periods.some((period) => period[tier] !== undefined) ? tier : 'default';
}
