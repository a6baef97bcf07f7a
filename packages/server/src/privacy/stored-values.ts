import { loadKeys } from './key-ring.js';
import { createPseudonymizer } from './pseudonym.js';
import type { PrivacySettings } from './tag-privacy.js';

/** Under what a value of a tag is stored. */
export interface StoredValue {
  stored: string;
  /** From when on; null for the first key, and where it is stored as it was sent. */
  since: string | null;
  form: 'pseudonym' | 'plain';
}

/**
 * All that a person may be stored as, under each key that is still there, the oldest first. What is
 * kept plain now was perhaps pseudonymous before, and the other way round: both are among them.
 *
 * @param tag `user`, or the name of another tag without `tag:`.
 */
export function storedValues(
  tag: string,
  value: string,
  { users, personal = [] }: PrivacySettings,
  dataDirectory: string,
): StoredValue[] {
  const pseudonyms = loadKeys(dataDirectory).map(({ key, since }): StoredValue => {
    const pseudonymize = createPseudonymizer(key, 1, tag === 'user' ? undefined : tag);
    return { stored: pseudonymize(value), since, form: 'pseudonym' };
  });
  const isPlain = tag === 'user' ? users === 'plain' : !personal.includes(tag);
  return isPlain ? [...pseudonyms, { stored: value, since: null, form: 'plain' }] : pseudonyms;
}
