import { createHmac } from 'node:crypto';

/**
 * Turns user ids into pseudonyms: HMAC-SHA-256 under the data directory's own secret, 80 bits of it.
 * The same user has the same pseudonym in every report; without the secret nobody can go back, nor
 * test a guess. Remembers the latest users, because hashing costs more than the rest of tagging.
 */
export function createPseudonymizer(secret: Buffer, remembered = 10_000): (user: string) => string {
  const known = new Map<string, string>();
  return (user) => {
    const before = known.get(user);
    if (before !== undefined) return before;
    const hash = createHmac('sha256', secret).update(user).digest('hex').slice(0, 20);
    const pseudonym = `u_${hash}`;
    if (known.size >= remembered) known.delete(known.keys().next().value!);
    known.set(user, pseudonym);
    return pseudonym;
  };
}
