import { createHash } from 'node:crypto';

const names = new Map<string, string>();
const mostNames = 10_000;

/**
 * A name for a caller's key, the same on every gateway: what budgets per key go by. Keys have too much
 * entropy to be found from a part of their hash.
 */
export function nameKey(header: string): string {
  const known = names.get(header);
  if (known !== undefined) return known;
  const key = header.replace(/^Bearer /i, '');
  const name = `key_${createHash('sha256').update(key).digest('hex').slice(0, 12)}`;
  if (names.size >= mostNames) names.clear();
  names.set(header, name);
  return name;
}
