import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FarthingError } from '@farthing/core';

/**
 * The data directory's secret, made at first use. It keys the users' pseudonyms: whoever deletes it
 * makes past pseudonyms unlinkable to anybody.
 */
export function loadSecret(dataDirectory: string): Buffer {
  const path = join(dataDirectory, 'secret');
  const existing = readSecret(path);
  if (existing !== null) return existing;
  mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(draft, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600 });
  try {
    // Two processes may start at once: the first one's secret counts for both.
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    unlinkSync(draft);
  }
  return readSecret(path) ?? loadSecret(dataDirectory);
}

function readSecret(path: string): Buffer | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  if (/^[0-9a-f]{64}$/.test(text)) return Buffer.from(text, 'hex');
  throw new FarthingError(
    'secret_damaged',
    `${path} is not a secret of 64 hexadecimal digits. Restore it from a backup, or delete it: users will then get new pseudonyms.`,
  );
}
