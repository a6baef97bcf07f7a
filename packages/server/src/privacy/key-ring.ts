import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { FarthingError } from '@farthing/core';

/** One of the keys that pseudonyms were or are made with. */
export interface PrivacyKey {
  /** 32 bytes. */
  key: Buffer;
  /** When it came into use; null for the first one, which was there from the beginning. */
  since: string | null;
}

/**
 * The keys of a data directory, the oldest first; the last one is in use. The file has a line for each
 * key: 64 hexadecimal digits and, after the first, the time from which on it holds. Made at first use.
 * Throws `secret_damaged`.
 */
export function loadKeys(dataDirectory: string): PrivacyKey[] {
  const path = keyFile(dataDirectory);
  const existing = readKeys(path);
  if (existing !== null) return existing;
  mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
  const draft = draftOf(path, keyText([{ key: randomBytes(32), since: null }]));
  try {
    // Two processes may start at once: the first one's key counts for both.
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    unlinkSync(draft);
  }
  return readKeys(path) ?? loadKeys(dataDirectory);
}

/**
 * Adds a key that holds from now on. With `destroyOld` the earlier ones are gone for good: nobody can
 * find out any more who stands behind the pseudonyms made until now.
 */
export function rotateKey(
  dataDirectory: string,
  { destroyOld, now }: { destroyOld: boolean; now: Date },
): PrivacyKey[] {
  const kept = destroyOld ? [] : loadKeys(dataDirectory);
  const keys = [...kept, { key: randomBytes(32), since: now.toISOString() }];
  const path = keyFile(dataDirectory);
  renameSync(draftOf(path, keyText(keys)), path);
  return keys;
}

/** Changes whenever the keys do; null while there are none. */
export function keyFileVersion(dataDirectory: string): string | null {
  try {
    const { ino, mtimeMs, size } = statSync(keyFile(dataDirectory));
    return `${ino} ${mtimeMs} ${size}`;
  } catch {
    return null;
  }
}

function keyFile(dataDirectory: string): string {
  return join(dataDirectory, 'secret');
}

function keyText(keys: readonly PrivacyKey[]): string {
  return keys
    .map(({ key, since }) => `${key.toString('hex')}${since === null ? '' : ` ${since}`}\n`)
    .join('');
}

/** A file beside the real one with the text on stable storage, for its owner alone. */
function draftOf(path: string, text: string): string {
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(draft, text, { mode: 0o600 });
  const file = openSync(draft, 'r');
  fsyncSync(file);
  closeSync(file);
  return draft;
}

function readKeys(path: string): PrivacyKey[] | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const [, key, since = null] = /^([0-9a-f]{64})(?: (\S+))?$/.exec(line.trim()) ?? [];
      if (key !== undefined) return { key: Buffer.from(key, 'hex'), since };
      throw new FarthingError(
        'secret_damaged',
        `${path} has a line that is no key of 64 hexadecimal digits. Restore it from a backup, or delete the file: users will then get new pseudonyms.`,
      );
    });
}
