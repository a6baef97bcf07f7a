import { isSnapshotOf } from '../model-index.js';
import type { PriceBook } from '../price-book.js';
import type { PriceRule } from '../price-rows.js';
import type { ModelOf } from './period.js';

/**
 * Which rules of a file are about one model, though they name it by different ids: by those that the file
 * declares to be aliases, and by those that the price lists have. A dated snapshot stands for itself.
 */
export function modelsOf(rules: readonly PriceRule[], known: PriceBook | undefined): ModelOf {
  const declared = new Map<string, string>();
  for (const { provider, model, aliases } of rules) {
    for (const alias of aliases ?? []) declared.set(idOf(provider, alias), model.toLowerCase());
  }
  return ({ provider, model }) => {
    const id = model.toLowerCase();
    if (id.endsWith('*')) return id;
    const own = declared.get(idOf(provider, id)) ?? id;
    if (isSnapshotOf(id, own)) return id;
    const listed = known?.listedModel(provider, own)?.toLowerCase() ?? own;
    return isSnapshotOf(own, listed) ? own : listed;
  };
}

function idOf(provider: string, model: string): string {
  return `${provider}\n${model.toLowerCase()}`;
}
