import type { RevenueLine } from '@farthing/core';
import { storedValues, type PrivacySettings } from '../privacy/index.js';

const tagOf = { tenant: 'tenant', user: 'user', plan: 'segment' } as const;

/**
 * Lines whose keys are what the books have in place of people's names: pseudonyms under every key of the
 * data directory, the newest as the key. What is stored as it was sent stays. Beside them, the names by
 * these keys, for whoever gave the names.
 */
export function withStoredKeys(
  lines: readonly RevenueLine[],
  privacy: PrivacySettings,
  dataDirectory: string,
): { lines: RevenueLine[]; names: Map<string, string> } {
  const names = new Map<string, string>();
  const stored = lines.map((line): RevenueLine => {
    const tag = tagOf[line.for];
    if (!isPersonal(tag, privacy)) return line;
    const values = storedValues(tag, line.key, privacy, dataDirectory).map((each) => each.stored);
    const key = values.at(-1) ?? line.key;
    names.set(key, line.key);
    return { ...line, key, stored: values };
  });
  return { lines: stored, names };
}

/** Whether values of the tag are, or were, stored as pseudonyms. */
export function isPersonal(tag: string, { personal = [] }: PrivacySettings): boolean {
  return tag === 'user' || personal.includes(tag);
}
