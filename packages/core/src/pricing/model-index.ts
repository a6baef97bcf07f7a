import { nearestName } from '../suggest.js';
import { canonicalProvider } from '../usage/providers.js';
import { modelIdCandidates } from './model-ids.js';
import type { ModelMatch, ModelName } from './model-prices.js';
import type { PriceLayer, PriceRule } from './price-rows.js';
import { inOrder } from './rule-order.js';

/** A rule together with the layer that it comes from. */
export interface LayeredRule {
  readonly rule: PriceRule;
  readonly layer: PriceLayer;
}

/** A rule as it applies to one model: `owner` and `id` name the price row to people. */
export interface ModelRule extends LayeredRule {
  readonly owner: string;
  readonly id: string;
}

export interface ResolvedModel {
  /** The book's own id. */
  readonly model: string;
  /** Provider whose price list has the model; differs from the call's for clouds that resell it. */
  readonly provider: string;
  readonly match: ModelMatch;
  /** The id, out of those that the asked one may stand for, under which the book has it. */
  readonly matchedId: string;
  /** The model that it is declared to be priced as. */
  readonly sameAs?: ModelName;
  /** All rules for it, in the order in which they apply. */
  readonly rules: readonly ModelRule[];
}

interface ProviderIndex {
  /** Every id and alias, lower case → the book's id. */
  readonly ids: Map<string, string>;
  readonly byModel: Map<string, LayeredRule[]>;
  /** The ids that a price list has, not the user's own rows alone. */
  readonly listed: Set<string>;
  readonly sameAs: Map<string, string>;
  /** Snapshots that the user prices apart → the listed model that they are one of. */
  readonly snapshots: Map<string, string>;
  readonly wildcards: LayeredRule[];
}

interface Found {
  readonly owner: string;
  readonly id: string;
  readonly candidate: string;
  readonly index: ProviderIndex;
}

/** Through so many twins a `same_as` is followed. */
export const longestTrail = 8;

/** Finds the rules for a model. Indexes a provider's rules when it is first asked for. */
export class ModelIndex {
  readonly #layers: readonly PriceLayer[];
  readonly #providers = new Map<string, ProviderIndex>();

  constructor(layers: readonly PriceLayer[]) {
    this.#layers = layers;
  }

  /**
   * Undefined when no layer lists the model: a wildcard alone does not make a model known, nor does
   * a `same_as` whose target no layer lists.
   */
  resolve(provider: string, model: string): ResolvedModel | undefined {
    return this.#resolve(provider, model, modelIdCandidates, []);
  }

  /** Like {@link resolve}, for an id that must stand in the book as it is. */
  resolveExactly(provider: string, id: string): ResolvedModel | undefined {
    return this.#resolve(provider, id, exactly, []);
  }

  /** What a model is declared to be the same as, where that is no known model: for the reason. */
  unknownTarget(provider: string, model: string): string | undefined {
    const top = this.#find(provider, model, modelIdCandidates).top;
    const target = top?.index.sameAs.get(top.id);
    return target !== undefined && this.resolve(provider, model) === undefined ? target : undefined;
  }

  /**
   * The model that a row of the user's own goes over when it names this id: the listed one that has it as
   * its id or as an alias. Undefined where no price list of the provider has the id.
   */
  listedModel(provider: string, id: string): string | undefined {
    const { ids, listed } = this.#index(provider);
    const model = ids.get(id.toLowerCase());
    return model !== undefined && listed.has(model) ? model : undefined;
  }

  /** The ids that a provider's rows name, without their aliases and without wildcards. */
  models(provider: string): string[] {
    return [...this.#index(provider).byModel.keys()].toSorted();
  }

  providers(): string[] {
    return [...new Set(this.#layers.flatMap((layer) => layer.providers?.() ?? []))].toSorted();
  }

  aliases(provider: string, id: string): string[] {
    const { ids } = this.#index(provider);
    return [...ids].filter(([name, of]) => of === id && name !== id.toLowerCase()).map(([n]) => n);
  }

  /** The listed model that a mistyped id most likely means, else the provider that has that very id. */
  suggest(provider: string, model: string): ModelName | null {
    for (const owner of [provider, ...this.#fallbacks(provider)]) {
      const { ids } = this.#index(owner);
      const near = nearestName(model, [...ids.keys()]);
      const id = near === null ? undefined : ids.get(near);
      if (id !== undefined) return { provider: owner, model: id };
    }
    const wanted = model.trim().toLowerCase();
    const bare = wanted.slice(wanted.lastIndexOf('/') + 1);
    for (const owner of this.providers()) {
      const id = this.#index(owner).ids.get(bare);
      if (id !== undefined) return { provider: owner, model: id };
    }
    return null;
  }

  #resolve(
    provider: string,
    model: string,
    candidatesOf: typeof modelIdCandidates,
    trail: readonly string[],
  ): ResolvedModel | undefined {
    const { top, listed } = this.#find(provider, model, candidatesOf);
    if (top === undefined) return undefined;
    const target = top.index.sameAs.get(top.id);
    if (target !== undefined) return this.#resolveSameAs(provider, top, target, trail);

    const found = listed ?? top;
    const rules = rulesOf(found, provider);
    if (top !== found) rules.push(...rulesOf(top, provider));
    if (rules.length === 0) return undefined;
    rules.push(...this.#wildcards(provider, [found.id, top.id], found));
    return {
      model: found.id,
      provider: found.owner,
      match: matchOf(model, top),
      matchedId: top.candidate,
      rules: inOrder(rules, this.#layers),
    };
  }

  /**
   * The first id that is known at all, and the first that a price list has: rows of the user's own
   * for one snapshot of a model go over the list prices of that model, they do not replace them.
   */
  #find(
    provider: string,
    model: string,
    candidatesOf: typeof modelIdCandidates,
  ): { top?: Found; listed?: Found } {
    let top: Found | undefined;
    for (const owner of new Set([provider, ...this.#fallbacks(provider)])) {
      const index = this.#index(owner);
      for (const candidate of candidatesOf(owner, model)) {
        const id = index.ids.get(candidate);
        if (id === undefined) continue;
        const listed = index.listed.has(id);
        // What the user agreed with one provider says nothing about another that resells its models.
        if (!listed && owner !== provider) continue;
        const found = { owner, id, candidate, index };
        top ??= found;
        if (listed) return { top, listed: found };
        const model = index.snapshots.get(id);
        if (model !== undefined) return { top, listed: { ...found, id: model } };
      }
    }
    return top === undefined ? {} : { top };
  }

  #resolveSameAs(
    provider: string,
    top: Found,
    target: string,
    trail: readonly string[],
  ): ResolvedModel | undefined {
    const here = `${top.owner}/${top.id}`;
    if (trail.includes(here) || trail.length >= longestTrail) return undefined;
    const resolved = this.#resolveTarget(provider, target, [...trail, here]);
    if (resolved === undefined) return undefined;
    const known = new Set(resolved.rules.map(({ rule }) => rule));
    const own = [...rulesOf(top, provider), ...this.#wildcards(provider, [top.id], top)].filter(
      ({ rule, layer }) => layer.kind === 'override' && !known.has(rule),
    );
    return {
      ...resolved,
      match: 'same_as',
      matchedId: top.candidate,
      sameAs: resolved.sameAs ?? { provider: resolved.provider, model: resolved.model },
      rules: inOrder([...resolved.rules, ...own], this.#layers),
    };
  }

  /** An id of the same provider, else `provider/id`; each taken exactly. */
  #resolveTarget(
    provider: string,
    target: string,
    trail: readonly string[],
  ): ResolvedModel | undefined {
    const own = this.#resolve(provider, target, exactly, trail);
    const slash = target.indexOf('/');
    if (own !== undefined || slash <= 0) return own;
    const other = canonicalProvider(target.slice(0, slash));
    return this.#resolve(other, target.slice(slash + 1), exactly, trail);
  }

  #wildcards(provider: string, ids: readonly string[], { owner, id }: Found): ModelRule[] {
    return this.#index(provider)
      .wildcards.filter(({ rule }) => ids.some((name) => wildcardMatches(rule, name)))
      .map((layered) => ({ ...layered, owner, id }));
  }

  #fallbacks(provider: string): string[] {
    return this.#layers.flatMap((layer) => layer.fallbacks?.(provider) ?? []);
  }

  #index(provider: string): ProviderIndex {
    const known = this.#providers.get(provider);
    if (known !== undefined) return known;
    const index: ProviderIndex = {
      ids: new Map(),
      byModel: new Map(),
      listed: new Set(),
      sameAs: new Map(),
      snapshots: new Map(),
      wildcards: [],
    };
    for (const layer of this.#layers) {
      const rules = layer.rules(provider);
      // Whatever order one's own rows stand in, an alias that one declares is that model in all of them.
      if (layer.kind === 'override') for (const rule of rules) addAliases(index, rule);
      for (const rule of rules) addRule(index, { rule, layer });
    }
    // Providers come from callers, so the number of indexes must not grow with what they send.
    if (index.ids.size > 0 || index.wildcards.length > 0) this.#providers.set(provider, index);
    return index;
  }
}

function exactly(_provider: string, model: string): string[] {
  return [model.trim().toLowerCase()];
}

function addRule(index: ProviderIndex, layered: LayeredRule): void {
  const { rule, layer } = layered;
  if (rule.model.endsWith('*')) {
    index.wildcards.push(layered);
    return;
  }
  // A later layer may name a model by any id that an earlier one listed. What the user agreed for one
  // dated snapshot is for that one alone.
  const name = rule.model.toLowerCase();
  const listedAs = index.ids.get(name);
  const snapshot =
    layer.kind === 'override' && listedAs !== undefined && isSnapshotOf(name, listedAs);
  if (snapshot) index.snapshots.set(rule.model, listedAs);
  // An alias that was pointed at another model, or that always was one: our own complete list for it.
  const detached = layer.kind === 'overlay' && rule.complete === true;
  const id = snapshot || detached ? rule.model : (listedAs ?? rule.model);
  const rules = index.byModel.get(id);
  if (rules === undefined) index.byModel.set(id, [layered]);
  else rules.push(layered);
  index.ids.set(name, id);
  if (layer.kind !== 'override') index.listed.add(id);
  if (rule.same_as !== undefined) index.sameAs.set(id, rule.same_as);
  for (const alias of rule.aliases ?? []) {
    const key = alias.toLowerCase();
    if (!index.ids.has(key)) index.ids.set(key, id);
  }
}

function addAliases(index: ProviderIndex, rule: PriceRule): void {
  if (rule.aliases === undefined) return;
  const name = rule.model.toLowerCase();
  const listedAs = index.ids.get(name);
  const id = listedAs === undefined || isSnapshotOf(name, listedAs) ? rule.model : listedAs;
  if (listedAs === undefined) index.ids.set(name, id);
  for (const alias of rule.aliases) {
    const key = alias.toLowerCase();
    if (!index.ids.has(key)) index.ids.set(key, id);
  }
}

function rulesOf({ index, owner, id }: Found, provider: string): ModelRule[] {
  return (index.byModel.get(id) ?? [])
    .filter(({ layer }) => owner === provider || layer.kind !== 'override')
    .map((layered) => ({ ...layered, owner, id }));
}

function wildcardMatches(rule: PriceRule, id: string): boolean {
  const beginning = rule.model.slice(0, -1).toLowerCase();
  return id.toLowerCase().startsWith(beginning) && rule.except?.includes(id) !== true;
}

/** Whether an id is that of one dated snapshot of a model: rows for it are for it alone. */
export function isSnapshotOf(id: string, model: string): boolean {
  return id.toLowerCase() !== model.toLowerCase() && datedId.test(id);
}

const datedId = /[-@]20\d{2}-?\d{2}-?\d{2}(?!\d)/;
const dateSuffix = /^[-@]20\d{2}(-?)\d{2}\1\d{2}$/;

function matchOf(model: string, { id, candidate }: Found): ModelMatch {
  const asked = model.trim().toLowerCase();
  if (candidate === asked) return candidate === id.toLowerCase() ? 'exact' : 'alias';
  const dated = asked.startsWith(candidate) && dateSuffix.test(asked.slice(candidate.length));
  return dated ? 'dated_suffix' : 'prefix';
}
