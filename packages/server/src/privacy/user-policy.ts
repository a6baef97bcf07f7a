import { createPseudonymizer } from './pseudonym.js';
import { loadSecret } from './secret.js';

/** Turns a user id into what may be stored; null when nothing may be. */
export type UserPolicy = (user: string) => string | null;

/** The configured policy for users: keyed pseudonyms (default), as sent, or dropped. */
export function userPolicy(
  users: 'pseudonym' | 'plain' | 'drop',
  dataDirectory: string,
): UserPolicy {
  if (users === 'plain') return (user) => user;
  if (users === 'drop') return () => null;
  let pseudonymize: UserPolicy | null = null;
  return (user) => {
    pseudonymize ??= createPseudonymizer(loadSecret(dataDirectory));
    return pseudonymize(user);
  };
}
