import { canonicalProvider, nearestName, type PriceLayer } from '@farthing/core';

/** The providers of published price lists and of the configuration, each by Farthing's own name. */
export function knownProviders(
  layers: readonly PriceLayer[],
  configured: readonly string[],
): string[] {
  // Own rows prove nothing: a mistyped provider would be known from its first row on.
  const published = layers.filter(({ kind }) => kind !== 'override');
  const names = [...published.flatMap(({ providers }) => providers?.() ?? []), ...configured];
  return [...new Set(names.map(canonicalProvider))].toSorted();
}

/**
 * A sentence for each provider that is unknown and almost the name of a known one. One that resembles
 * none is somebody's own, and nothing to remark on.
 */
export function mistypedProviders(stated: readonly unknown[], known: readonly string[]): string[] {
  const names = stated.flatMap((name) =>
    typeof name === 'string' ? canonicalProvider(name.trim()) : [],
  );
  return [...new Set(names)].flatMap((name) => {
    const near = known.includes(name) ? null : nearestName(name, known);
    return near === null
      ? []
      : [
          `no price list and no configuration has a provider "${name}". Did you mean "${near}"? It prices nothing of that one`,
        ];
  });
}
