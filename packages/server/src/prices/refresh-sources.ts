import type { PriceSourceStatus } from '@farthing/core';
import type { LivePrices } from './live-prices.js';
import type { PriceDirectory } from './price-directory.js';
import { requestRefresh, type Acceptance } from './refresh-request.js';

/**
 * Looks at every file and URL now, accepts what the guard holds back when a person says so, and asks
 * running processes to look as well. Resolves with how each of them is.
 */
export async function refreshSources(
  live: LivePrices,
  directory: PriceDirectory,
  { accept, by, now }: { accept: boolean; by: string; now: Date },
): Promise<PriceSourceStatus[]> {
  await live.checkAll();
  const at = now.toISOString();
  const held = live.sources.flatMap(({ source, location }): Acceptance[] =>
    source.refusal === null || location === null
      ? []
      : [{ source: location.id, hash: source.refusal.hash, at, by }],
  );
  requestRefresh(directory.refresh, accept ? held : [], at);
  if (accept && held.length > 0) await live.checkAll();
  return live.status().sources.filter(({ kind }) => kind === 'file' || kind === 'url');
}
