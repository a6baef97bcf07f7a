import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { ProviderName } from './books.js';

/** The key that every provider here refuses. */
const refusedKey = 'sk-invalid';

/** The API key of a request, wherever a provider's clients put it. */
export function apiKeyOf(headers: IncomingHttpHeaders, query: URLSearchParams): string | undefined {
  const bearer = /^Bearer\s+(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  const other = headers['x-api-key'] ?? headers['x-goog-api-key'] ?? query.get('key') ?? undefined;
  const key = bearer ?? (Array.isArray(other) ? other[0] : other);
  return key === '' ? undefined : key;
}

export function isAccepted(key: string | undefined): key is string {
  return key !== undefined && key !== refusedKey;
}

/**
 * Under which id the books keep a key: stable, and the key cannot be read back from it. Shaped as
 * the provider's own reports shape it.
 */
export function keyIdOf(provider: ProviderName, key: string): string {
  const digest = createHash('sha256').update(`fake provider key\n${key}`).digest('hex');
  return `${provider === 'anthropic' ? 'apikey_01' : 'key_'}${digest.slice(0, 16)}`;
}
