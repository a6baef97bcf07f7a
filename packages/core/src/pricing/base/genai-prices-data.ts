/**
 * The data of genai-prices as its published JSON has it (`prices/new_data/v2/data.json`), as far as
 * Farthing reads it. What comes over the wire becomes this only through {@link readGenaiPrices}.
 */
export interface GenaiProvider {
  id: string;
  fallback_model_providers?: string[];
  models: GenaiModel[];
}

export interface GenaiModel {
  id: string;
  match: GenaiMatch;
  prices: GenaiPrices | GenaiDatedPrices[];
}

export interface GenaiDatedPrices {
  constraint?: { start_date: string } | { start_time: string; end_time: string };
  prices: GenaiPrices;
}

/** Price key → USD, or a base price with the tiers above it. */
export type GenaiPrices = Record<string, number | GenaiTiers | undefined>;

export interface GenaiTiers {
  base: number;
  tiers: { start: number; price: number }[];
}

export type GenaiMatch =
  | { or: GenaiMatch[] }
  | { and: GenaiMatch[] }
  | { equals: string }
  | { starts_with: string }
  | { ends_with: string }
  | { contains: string }
  | { regex: string };
