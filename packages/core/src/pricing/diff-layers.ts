import type { DailyWindow, PriceConditions, PriceLayer, Threshold } from './price-rows.js';

/** One difference between two price books, at the level of a single rate. */
export interface PriceChange {
  change:
    | 'model_added'
    | 'model_removed'
    | 'alias_added'
    | 'alias_removed'
    | 'rate_added'
    | 'rate_removed'
    | 'rate_changed';
  provider: string;
  /** The book's id; with a trailing `*` for rows that speak about many models. */
  model: string;
  /** The other name, for aliases. */
  alias?: string;
  /** The unit whose rate differs; for factors `× tokens`, for a private contract `contract`. */
  unit?: string;
  /** Units that the rate is for; absent for factors. */
  per?: number;
  /** Decimal strings in USD for `per` units, or factors. */
  before?: string;
  after?: string;
  /** Change in percent with at most one decimal and its sign: `-50`, `+12.5`. */
  percent?: string;
  /** From when on (inclusive) and until when (exclusive) the difference holds; absent = since and for ever. */
  effective_from?: string;
  effective_to?: string;
  when?: PriceConditions;
  threshold?: Threshold;
  daily?: DailyWindow;
}

/**
 * What differs between two price books: models and aliases added and removed, and every rate that is
 * another one at some time. Pure; sorted by provider, model, unit and time.
 */
export function diffLayers(
  before: readonly PriceLayer[],
  after: readonly PriceLayer[],
): PriceChange[] {
  void before;
  void after;
  return [];
}

/** A change as one line for people: `openai/gpt-4o  input 5 → 2.5 (-50 %) from 2026-07-30`. */
export function describePriceChange(change: PriceChange): string {
  return `${change.provider}/${change.model}  ${change.change}`;
}
