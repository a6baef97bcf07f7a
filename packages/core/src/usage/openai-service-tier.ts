import { isBatch } from './batch.js';
import type { CallFacts } from './converter.js';
import { nameAt, type Fields } from './fields.js';
import type { PriceModifiers } from './usage.js';

/**
 * The tier that served an OpenAI-shaped answer. The body decides (a request for `priority` may be
 * served as `default`); nothing in a batch item's body says batch, so there the API name does.
 */
export function openaiModifiers(body: Fields, call: CallFacts): PriceModifiers {
  const tier = isBatch(call) ? 'batch' : nameAt(body, 'service_tier');
  return tier === undefined ? {} : { service_tier: tier };
}
