import { baseFallbacksOf, type BaseEdition, type BaseFallbacks } from '../base/base-edition.js';
import { baseRules, type BaseModel } from '../base/base-model.js';
import type { PriceLayer } from '../price-rows.js';
import { snapshotBook, snapshotFallbacks, snapshotText } from './data.js';

/** The snapshot's lines, unparsed. */
export function snapshotLines(): string[] {
  return snapshotText.split('\n').filter((line) => line !== '');
}

let linesByProvider: Map<string, string[]> | undefined;
let fallbacks: BaseFallbacks | undefined;

/**
 * The base of the price book: list prices published by the providers, as genai-prices collects them,
 * frozen at build time. A provider's lines are parsed when it is first asked for.
 */
export function snapshotLayer(): PriceLayer {
  return {
    kind: 'base',
    book: snapshotBook,
    rules: (provider) =>
      providerLines(provider).flatMap((line) =>
        baseRules(JSON.parse(line) as BaseModel, snapshotBook),
      ),
    providers: () => [...lines().keys()],
    fallbacks: (provider) => baseFallbacksOf(bundledFallbacks(), provider),
  };
}

/** The snapshot as a whole, for comparing it with another edition. */
export function bundledEdition(): BaseEdition {
  const models = snapshotLines().map((line) => JSON.parse(line) as BaseModel);
  return { book: snapshotBook, fallbacks: bundledFallbacks(), models };
}

function bundledFallbacks(): BaseFallbacks {
  fallbacks ??= JSON.parse(snapshotFallbacks) as BaseFallbacks;
  return fallbacks;
}

function providerLines(provider: string): readonly string[] {
  return lines().get(provider) ?? [];
}

function lines(): ReadonlyMap<string, readonly string[]> {
  if (linesByProvider !== undefined) return linesByProvider;
  linesByProvider = new Map();
  for (const line of snapshotLines()) {
    const owner = /^\{"provider":"([^"]*)"/.exec(line)?.[1] ?? '';
    const known = linesByProvider.get(owner);
    if (known === undefined) linesByProvider.set(owner, [line]);
    else known.push(line);
  }
  return linesByProvider;
}
