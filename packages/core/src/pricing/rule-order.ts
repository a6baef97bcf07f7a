import type { LayeredRule } from './model-index.js';
import type { PriceLayer, PriceRule } from './price-rows.js';

/**
 * List prices first, of all layers, so that a tier or a regional premium applies to the list price
 * that is in force, whoever stated it. Within a step by layer, and wildcards before a model's own.
 */
export function inOrder<Rule extends LayeredRule>(
  rules: readonly Rule[],
  layers: readonly PriceLayer[],
): Rule[] {
  const rank = ({ rule, layer }: LayeredRule) =>
    stepOf(rule, layer) * 1_000 + 2 * layers.indexOf(layer) + (rule.model.endsWith('*') ? 0 : 1);
  return rules
    .map((layered) => ({ layered, rank: rank(layered) }))
    .toSorted((left, right) => left.rank - right.rank)
    .map(({ layered }) => layered);
}

function stepOf(rule: PriceRule, layer: PriceLayer): number {
  const byTier = rule.when?.service_tier !== undefined || rule.when?.speed !== undefined;
  // A negotiated discount comes off whatever everything else amounts to.
  if (rule.multiply !== undefined && layer.kind === 'override') return 5;
  if (rule.multiply !== undefined) return byTier ? 2 : 4;
  if (rule.derive !== undefined) return 1;
  return byTier ? 3 : 0;
}
