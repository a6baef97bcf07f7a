import { builtIn, sayOnce } from './platform.js';
import { secretKey } from './secret-key.js';

/** Turns a user id into what may be stored; null when nothing may be. */
export type UserPolicy = (user: string) => string | null;

export interface UserSettings {
  /**
   * `pseudonym` (default): keyed pseudonyms; `plain`: as given; `drop`: left out; or a function of the
   * application's own.
   */
  users?: 'pseudonym' | 'plain' | 'drop' | UserPolicy | undefined;
  /**
   * The key of the pseudonyms: 64 hexadecimal digits, as in the file `secret` of a data directory.
   * Default: the environment variable FARTHING_SECRET. With the same key, a user has the same
   * pseudonym here, in other applications and in the gateway.
   */
  secret?: string | undefined;
}

/** Users whose pseudonym is remembered: hashing costs more than the rest of tagging. */
const remembered = 10_000;

/**
 * The policy for users that the settings ask for. Throws `secret_invalid` for a key that is none.
 * @internal
 */
export function userPolicy({ users = 'pseudonym', secret }: UserSettings): UserPolicy {
  if (typeof users === 'function') return guarded(users);
  if (users === 'plain') return (user) => user;
  if (users === 'drop') return () => null;
  const key = secretKey(secret);
  const crypto = builtIn('node:crypto');
  if (key === undefined || crypto === undefined) {
    const missing =
      key === undefined
        ? 'there is no key for pseudonyms. Set FARTHING_SECRET or `secret` to 64 hexadecimal digits'
        : 'this runtime cannot hash at once. Give `users` a function of your own';
    return () => {
      sayOnce(`user tags are left out: ${missing}, or \`users\` to "plain" or "drop".`);
      return null;
    };
  }
  return memoized((user) => {
    const hash = crypto.createHmac('sha256', key).update(user).digest('hex');
    return `u_${hash.slice(0, 20)}`;
  });
}

/** A policy of the application's own that fails lets no user through, and no call fail. */
function guarded(policy: UserPolicy): UserPolicy {
  return (user) => {
    try {
      return policy(user);
    } catch (error) {
      sayOnce(`a user tag was left out, because \`users\` failed: ${(error as Error).message}`);
      return null;
    }
  };
}

function memoized(hash: (user: string) => string): UserPolicy {
  const known = new Map<string, string>();
  return (user) => {
    const before = known.get(user);
    if (before !== undefined) return before;
    const pseudonym = hash(user);
    if (known.size >= remembered) known.delete(known.keys().next().value!);
    known.set(user, pseudonym);
    return pseudonym;
  };
}
