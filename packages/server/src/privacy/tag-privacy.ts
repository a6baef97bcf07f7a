import { tagNames, type TagName, type Tags } from '@farthing/core';
import { keyFileVersion, loadKeys } from './key-ring.js';
import { createPseudonymizer, pseudonymPattern } from './pseudonym.js';

/** Turns a user id into what may be stored; null when nothing may be. */
export type UserPolicy = (user: string) => string | null;

export interface PrivacySettings {
  users: 'pseudonym' | 'plain' | 'drop';
  /** Further tags whose values become pseudonyms, whatever happens to users. */
  personal?: readonly string[];
}

export interface TagPrivacy {
  user: UserPolicy;
  /** Replaces what is personal in the tags, in place. Not twice: a pseudonym would get one too. */
  protect(tags: Tags): void;
  /**
   * The same of tags that come with a whole entry, from an SDK or from other books: what is a pseudonym
   * already stays, because its key may be another one's.
   */
  protectReceived(tags: Tags): void;
  close(): void;
}

const own: ReadonlySet<string> = new Set(tagNames);
const remembered = 10_000;

/** How often a running process looks whether the key was changed. */
const watchMilliseconds = 2_000;

/**
 * What is personal becomes a keyed pseudonym before anything is written. The key is read at first use;
 * with `watch`, a new one holds within two seconds of its making.
 */
export function openTagPrivacy(
  { users, personal = [] }: PrivacySettings,
  dataDirectory: string,
  { watch = false }: { watch?: boolean } = {},
): TagPrivacy {
  let version: string | null = null;
  let made = new Map<string, (value: string) => string>();
  const pseudonymize = (tag: string | undefined, value: string): string => {
    const name = tag ?? '';
    let found = made.get(name);
    if (found === undefined) {
      // Before the key is read: one that is made in between would never be taken up.
      const before = keyFileVersion(dataDirectory);
      const { key } = loadKeys(dataDirectory).at(-1)!;
      version ??= before ?? keyFileVersion(dataDirectory);
      found = createPseudonymizer(key, remembered, tag);
      made.set(name, found);
    }
    return found(value);
  };
  const timer = watch
    ? setInterval(() => {
        if (version === null || keyFileVersion(dataDirectory) === version) return;
        version = null;
        made = new Map();
      }, watchMilliseconds)
    : undefined;
  timer?.unref();
  const user: UserPolicy =
    users === 'plain'
      ? (value) => value
      : users === 'drop'
        ? () => null
        : (value) => pseudonymize(undefined, value);
  const others = personal.filter((name) => name !== 'user');
  const protect = (tags: Tags, isStored: (value: string) => boolean) => {
    if (tags.user !== undefined && !(users === 'pseudonym' && isStored(tags.user))) {
      const stored = user(tags.user);
      if (stored === null) delete tags.user;
      else tags.user = stored;
    }
    for (const name of others) {
      const holder: Record<string, string> | undefined = own.has(name)
        ? (tags as { [tag in TagName]?: string } as Record<string, string>)
        : tags.custom;
      const value = holder?.[name];
      if (value !== undefined && !isStored(value)) holder![name] = pseudonymize(name, value);
    }
  };
  return {
    user,
    protect: (tags) => protect(tags, () => false),
    protectReceived: (tags) => protect(tags, (value) => pseudonymPattern.test(value)),
    close: () => clearInterval(timer),
  };
}

/** The configured policy for users alone: keyed pseudonyms (default), as sent, or dropped. */
export function userPolicy(users: PrivacySettings['users'], dataDirectory: string): UserPolicy {
  return openTagPrivacy({ users }, dataDirectory).user;
}
