import { modelIdCandidates } from './model-ids.js';
import type { PriceLayer, PriceRule } from './price-rows.js';

/** A rule together with the layer that it comes from. */
export interface LayeredRule {
  readonly rule: PriceRule;
  readonly layer: PriceLayer;
}

export interface ResolvedModel {
  /** The book's own id. */
  readonly model: string;
  /** Provider whose price list has the model; differs from the call's for clouds that resell it. */
  readonly provider: string;
  /** All rules for it, in the order in which they apply. */
  readonly rules: readonly LayeredRule[];
}

interface ProviderIndex {
  /** Every id and alias, lower case → the book's id. */
  readonly ids: Map<string, string>;
  readonly byModel: Map<string, LayeredRule[]>;
  readonly wildcards: LayeredRule[];
}

/** Finds the rules for a model. Indexes a provider's rules when it is first asked for. */
export class ModelIndex {
  readonly #layers: readonly PriceLayer[];
  readonly #providers = new Map<string, ProviderIndex>();

  constructor(layers: readonly PriceLayer[]) {
    this.#layers = layers;
  }

  /** Undefined when no layer lists the model: a wildcard alone does not make a model known. */
  resolve(provider: string, model: string): ResolvedModel | undefined {
    const own = this.#index(provider);
    for (const owner of [provider, ...this.#fallbacks(provider)]) {
      const index = owner === provider ? own : this.#index(owner);
      for (const candidate of modelIdCandidates(owner, model)) {
        const id = index.ids.get(candidate);
        if (id === undefined) continue;
        const rules = [...(index.byModel.get(id) ?? [])];
        rules.push(...own.wildcards.filter(({ rule }) => wildcardMatches(rule, id)));
        return { model: id, provider: owner, rules: inOrder(rules, this.#layers) };
      }
    }
    return undefined;
  }

  #fallbacks(provider: string): string[] {
    return this.#layers.flatMap((layer) => layer.fallbacks?.(provider) ?? []);
  }

  #index(provider: string): ProviderIndex {
    const known = this.#providers.get(provider);
    if (known !== undefined) return known;
    const index: ProviderIndex = { ids: new Map(), byModel: new Map(), wildcards: [] };
    for (const layer of this.#layers) {
      for (const rule of layer.rules(provider)) addRule(index, { rule, layer });
    }
    // Providers come from callers, so the number of indexes must not grow with what they send.
    if (index.ids.size > 0 || index.wildcards.length > 0) this.#providers.set(provider, index);
    return index;
  }
}

function addRule(index: ProviderIndex, layered: LayeredRule): void {
  const { rule } = layered;
  if (rule.model.endsWith('*')) {
    index.wildcards.push(layered);
    return;
  }
  // A later layer may name a model by any id that an earlier one listed.
  const name = rule.model.toLowerCase();
  const id = index.ids.get(name) ?? rule.model;
  const rules = index.byModel.get(id);
  if (rules === undefined) index.byModel.set(id, [layered]);
  else rules.push(layered);
  index.ids.set(name, id);
  for (const alias of rule.aliases ?? []) {
    const key = alias.toLowerCase();
    if (!index.ids.has(key)) index.ids.set(key, id);
  }
}

function wildcardMatches(rule: PriceRule, id: string): boolean {
  return id.startsWith(rule.model.slice(0, -1)) && rule.except?.includes(id) !== true;
}

/**
 * List prices first, of all layers, so that a tier or a regional premium applies to the list price
 * that is in force, whoever stated it. Within a step by layer, and wildcards before a model's own.
 */
function inOrder(rules: LayeredRule[], layers: readonly PriceLayer[]): LayeredRule[] {
  const rank = ({ rule, layer }: LayeredRule) =>
    stepOf(rule) * 1_000 + 2 * layers.indexOf(layer) + (rule.model.endsWith('*') ? 0 : 1);
  return rules
    .map((layered) => ({ layered, rank: rank(layered) }))
    .toSorted((left, right) => left.rank - right.rank)
    .map(({ layered }) => layered);
}

function stepOf(rule: PriceRule): number {
  const byTier = rule.when?.service_tier !== undefined || rule.when?.speed !== undefined;
  if (rule.multiply !== undefined) return byTier ? 2 : 4;
  if (rule.derive !== undefined) return 1;
  return byTier ? 3 : 0;
}
