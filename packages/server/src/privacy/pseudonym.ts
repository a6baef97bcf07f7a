import { createHmac } from 'node:crypto';

/**
 * Turns user ids into pseudonyms: HMAC-SHA-256 under the data directory's own secret, 80 bits of it.
 * The same user has the same pseudonym in every report; without the secret nobody can go back, nor
 * test a guess. Remembers the latest users, because hashing costs more than the rest of tagging.
 *
 * @param tag a personal tag other than the user: its values get pseudonyms of their own, so that two
 * tags with equal values cannot be joined.
 */
export function createPseudonymizer(
  secret: Buffer,
  remembered = 10_000,
  tag?: string,
): (value: string) => string {
  const known = new Map<string, string>();
  const prefix = tag === undefined ? 'u_' : 'p_';
  const domain = tag === undefined ? '' : `${tag}\0`;
  return (value) => {
    const before = known.get(value);
    if (before !== undefined) return before;
    const hash = createHmac('sha256', secret)
      .update(domain + value)
      .digest('hex');
    const pseudonym = prefix + hash.slice(0, 20);
    if (known.size >= remembered) known.delete(known.keys().next().value!);
    known.set(value, pseudonym);
    return pseudonym;
  };
}

/** What a pseudonym looks like. */
export const pseudonymPattern = /^[up]_[0-9a-f]{20}$/;
