import { isFields } from './fields.js';

/** Fields whose short string values matter for a price. Every other string is dropped. */
const namedFields = new Set([
  'cache_type',
  'inference_geo',
  'modality',
  'model',
  'search_context_size',
  'serviceTier',
  'service_tier',
  'speed',
  'trafficType',
  'ttl',
  'type',
]);
const longestIdentifier = 64;
const deepest = 6;
const widest = 128;

/**
 * A copy of a provider's usage object that keeps numbers, booleans, nulls and tier names: never
 * text, whatever a provider (or someone posing as one) puts into it. Bounded in depth and width.
 */
export function rawUsage(value: unknown): unknown {
  return copy(value, '', 0);
}

function copy(value: unknown, key: string, depth: number): unknown {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'string') {
    return namedFields.has(key) && isIdentifier(value) ? value : undefined;
  }
  if (depth >= deepest) return undefined;
  if (Array.isArray(value)) {
    const items: unknown[] = [];
    for (const item of value.slice(0, widest)) {
      const kept = copy(item, key, depth + 1);
      if (kept !== undefined) items.push(kept);
    }
    return items;
  }
  if (!isFields(value)) return undefined;
  const kept: Record<string, unknown> = {};
  let count = 0;
  for (const name in value) {
    if (!isIdentifier(name) || name === '__proto__') continue;
    const field = copy(value[name], name, depth + 1);
    if (field === undefined) continue;
    kept[name] = field;
    if (++count === widest) break;
  }
  return kept;
}

/** Indexed by character code. A table, because every field of every answer passes through here. */
const identifierCharacters = new Uint8Array(128);
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.:@/-') {
  identifierCharacters[character.charCodeAt(0)] = 1;
}

function isIdentifier(text: string): boolean {
  const { length } = text;
  if (length === 0 || length > longestIdentifier) return false;
  for (let index = 0; index < length; index += 1) {
    if (identifierCharacters[text.charCodeAt(index)] !== 1) return false;
  }
  return true;
}
