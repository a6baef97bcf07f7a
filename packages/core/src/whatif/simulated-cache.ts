import { buildCache, type CacheBooks } from '../cache/cache-report.js';
import type { CacheSetting } from '../cache/cache-settings.js';
import type { PriceBook } from '../pricing/price-book.js';
import type { Dimension, Filter, Window } from '../report/query.js';
import type { Cell } from './gather-cells.js';

/** What of the input a setting would read from the cache and write to it, 0 to 1. */
export interface CacheShares {
  read: number;
  written: number;
  setting: CacheSetting;
}

/** The shares for a cell; null where nothing is known of how its prompts begin. */
export type SimulatedCache = (cell: Cell) => CacheShares | null;

const mostGroups = 1_000;

/**
 * Plays a cache setting through the prompts of the window, by the fingerprints of how they begin
 * ({@link buildCache}): for each group and model what would have been read and written.
 */
export async function simulatedCache(
  books: CacheBooks,
  prices: PriceBook,
  setting: CacheSetting,
  scope: { by: readonly Dimension[]; window: Window; filters: readonly Filter[]; now: string },
): Promise<SimulatedCache> {
  const { by, window, filters, now } = scope;
  const { rows } = await buildCache(books, prices, {
    by: [...by],
    window,
    filters: [...filters],
    limit: mostGroups,
    now,
  });
  const shares = new Map<string, CacheShares>();
  for (const { group, models } of rows) {
    for (const { provider, model, settings } of models) {
      const tried = settings.find((each) => each.setting === setting);
      if (tried === undefined) continue;
      const key = keyOf(by, group, provider, model ?? '');
      shares.set(key, { read: tried.read_share, written: tried.write_share, setting });
    }
  }
  return ({ group, source }) =>
    shares.get(keyOf(by, group, source.provider, source.model)) ??
    // Without caching nothing is read, whatever the prompts are.
    (setting === 'none' ? { read: 0, written: 0, setting } : null);
}

function keyOf(
  by: readonly Dimension[],
  group: Readonly<Record<string, string | null>>,
  provider: string,
  model: string,
): string {
  return JSON.stringify([...by.map((name) => group[name] ?? null), provider, model]);
}
