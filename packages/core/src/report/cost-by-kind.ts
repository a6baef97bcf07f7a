import type { Cost } from '../entry.js';
import { parseUsdRounded, type Picodollars } from '../money.js';

/** The cost of one call split by what was billed, in picodollars. The parts add up to `total` exactly. */
export interface CostByKind {
  total: Picodollars;
  input_uncached: Picodollars;
  cache_read: Picodollars;
  cache_write: Picodollars;
  output: Picodollars;
  /**
   * Billed units (searches, images, …) and whatever the charges do not explain: the whole cost of a
   * call that comes with a figure and no charges, and the difference between a reported cost and the
   * charges computed for it. It is negative when the provider reports less than the charges.
   */
  other: Picodollars;
}

/**
 * Splits a cost by kind, or null when the cost is unknown. Throws `invalid_amount` when an amount is
 * not a decimal string.
 */
export function costByKind(cost: Cost): CostByKind | null {
  if (cost.usd === null) return null;
  const total = parseUsdRounded(cost.usd);
  const split: CostByKind = {
    total,
    input_uncached: 0n,
    cache_read: 0n,
    cache_write: 0n,
    output: 0n,
    other: 0n,
  };
  let explained = 0n;
  for (const charge of cost.charges) {
    const part = partOf(charge.kind);
    if (part === 'other') continue;
    const amount = parseUsdRounded(charge.amount_usd);
    split[part] += amount;
    explained += amount;
  }
  split.other = total - explained;
  return split;
}

/** Prices of a modality have kinds of their own, named after the bucket (`input_audio`, `output_image`). */
function partOf(kind: string): Exclude<keyof CostByKind, 'total'> {
  if (kind.startsWith('cache_read')) return 'cache_read';
  if (kind.startsWith('cache_write')) return 'cache_write';
  if (kind.startsWith('input')) return 'input_uncached';
  if (kind.startsWith('output') || kind === 'reasoning') return 'output';
  return 'other';
}
