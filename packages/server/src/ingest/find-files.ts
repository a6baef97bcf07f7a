import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FarthingError } from '@farthing/core';

/**
 * The files that paths stand for: themselves, or what lies below them. Links inside a directory are not
 * followed. What cannot be listed below a directory is told and left out. Throws `no_file`.
 */
export async function findFiles(
  paths: readonly string[],
  accepts: (path: string) => boolean = () => true,
  onUnreadable: (directory: string, code: string) => void = () => {},
): Promise<string[]> {
  const found = new Set<string>();
  const walk = async (directory: string): Promise<void> => {
    for (const entry of await listed(directory, onUnreadable)) {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) await walk(path);
      else if (entry.isFile() && accepts(path)) found.add(path);
    }
  };
  for (const path of paths) {
    const at = await statOf(path);
    if (at.isDirectory()) await walk(path);
    else if (at.isFile()) found.add(path);
    else throw new FarthingError('no_file', `${path} is neither a file nor a directory.`);
  }
  return [...found].sort();
}

async function listed(
  directory: string,
  onUnreadable: (directory: string, code: string) => void,
): Promise<Dirent[]> {
  try {
    return await readdir(directory, { withFileTypes: true });
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    // It went away since it was seen.
    if (code !== 'ENOENT') onUnreadable(directory, code);
    return [];
  }
}

async function statOf(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    throw new FarthingError('no_file', `Cannot read ${path}: ${(error as Error).message}.`, {
      cause: error,
    });
  }
}
