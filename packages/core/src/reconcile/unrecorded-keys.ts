import type { RateCell } from './atoms.js';
import type { BookRates } from './book-rates.js';
import { tierName } from './ledger-cells.js';
import type { Distinctions } from './line-up.js';
import type { ProviderReport } from './provider-report.js';
import { tokenKinds } from './token-kinds.js';

/**
 * Keys whose whole traffic may be among the calls that never passed Farthing: wherever such a key has
 * tokens, at least as many are unrecorded. A key that sends calls through Farthing has some place
 * where it has not, unless it stopped doing so. Sorted by tokens, most first.
 */
export function unrecordedKeys(
  report: ProviderReport,
  distinctions: Distinctions,
  cells: readonly RateCell[],
  rates: BookRates,
): { key: string; tokens: number }[] {
  const unrecorded = new Map<string, number>();
  for (const cell of cells) {
    for (const atom of cell.atoms) {
      const claimed = atom.claims
        .filter(({ cause }) => cause === 'unrecorded_calls')
        .reduce((sum, { tokens }) => sum + tokens, 0);
      if (claimed > 0) unrecorded.set(placeOf(atom.at, atom.model, atom.tier, atom.kind), claimed);
    }
  }
  if (unrecorded.size === 0) return [];
  const suspects = new Map<string, number>();
  const cleared = new Set<string>();
  const { from, to } = report.window;
  for (const row of report.usage ?? []) {
    const { api_key: key, at } = row;
    if (key === null || at < from || at >= to) continue;
    const model = row.model === null ? null : rates.modelName(row.model);
    const tier = distinctions.tier ? tierName(row.tier) : '*';
    for (const kind of tokenKinds) {
      const tokens = row.tokens[kind] ?? 0;
      if (tokens === 0) continue;
      suspects.set(key, (suspects.get(key) ?? 0) + tokens);
      if ((unrecorded.get(placeOf(at, model, tier, kind)) ?? 0) < tokens) cleared.add(key);
    }
  }
  return [...suspects.entries()]
    .filter(([key]) => !cleared.has(key))
    .map(([key, tokens]) => ({ key, tokens }))
    .sort((left, right) => right.tokens - left.tokens);
}

function placeOf(at: string, model: string | null, tier: string, kind: string): string {
  return [at, model, tier, kind].join('\n');
}
