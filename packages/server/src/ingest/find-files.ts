import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FarthingError } from '@farthing/core';

/** The files that paths stand for: themselves, or what lies below them. Throws `no_file`. */
export async function findFiles(
  paths: readonly string[],
  accepts: (path: string) => boolean = () => true,
): Promise<string[]> {
  const found = new Set<string>();
  for (const path of paths) {
    const at = await statOf(path);
    if (at.isDirectory()) {
      const entries = await readdir(path, { recursive: true, withFileTypes: true });
      for (const entry of entries) {
        const file = join(entry.parentPath, entry.name);
        if (entry.isFile() && accepts(file)) found.add(file);
      }
    } else if (at.isFile()) found.add(path);
    else throw new FarthingError('no_file', `${path} is neither a file nor a directory.`);
  }
  return [...found].sort();
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
