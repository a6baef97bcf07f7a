import type { Entry } from '../entry.js';
import { conditionsOf } from '../pricing/call-facts.js';
import type { PriceConditions } from '../pricing/price-rows.js';
import { canonicalProvider } from '../usage/providers.js';

/** What was sold, and the price variation at which. */
export interface Sku {
  id: string;
  priceId: string;
  /** JSON, the same for the same `priceId`. */
  priceDetails: string;
}

/** The facts that choose between the prices of one thing, in the order in which an id names them. */
const conditionNames = [
  'service_tier',
  'speed',
  'inference_geo',
  'scope',
  'endpoint',
  'search_context_size',
  'size',
  'quality',
] as const satisfies readonly (keyof PriceConditions)[];

/**
 * Providers publish price lists without ids, so ids are made from what tells the list's lines apart:
 * `openai/gpt-4o/cache_read`, and for a price variation `…;service_tier=priority`. Neither holds an
 * amount, a date or a discount: they stay the same when a price changes.
 */
export function skuOf(entry: Entry, kind: string, model: string | null): Sku {
  const { price } = entry.cost;
  const provider = price?.provider ?? canonicalProvider(entry.provider);
  const id = `${provider}/${model ?? 'unknown'}/${kind}`;
  const conditions = priceConditions(entry);
  let priceId = id;
  const details: Record<string, string> = { x_TokenType: kind };
  if (model !== null) details['x_Model'] = model;
  for (const name of conditionNames) {
    const value = conditions[name];
    if (value === undefined) continue;
    priceId += `;${name}=${value}`;
    details[`x_${pascalCase(name)}`] = value;
  }
  return { id, priceId, priceDetails: JSON.stringify(details) };
}

/** The price-setting facts of a call; none where its usage is not known. */
export function priceConditions(entry: Entry): PriceConditions {
  const { usage, provider, context } = entry;
  if (usage === null) return {};
  return conditionsOf(canonicalProvider(provider), usage.modifiers, usage.units, context);
}

function pascalCase(name: string): string {
  return name
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}
