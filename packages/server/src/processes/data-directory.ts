import { accessSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { FarthingError } from '@farthing/core';

/** Version of the data directory's layout. A newer one is never touched. */
const layout = 1;

/**
 * Creates or checks the data directory and returns its absolute path.
 * @throws FarthingError `data_directory_unwritable`, `data_directory_too_new`.
 */
export function openDataDirectory(path: string): string {
  const directory = resolve(path);
  try {
    makeDirectory(directory);
    accessSync(directory, constants.W_OK);
  } catch (error) {
    throw new FarthingError(
      'data_directory_unwritable',
      `The data directory ${directory} cannot be written: ${(error as Error).message}. Choose another with --data, FARTHING_DATA or \`data:\` in farthing.yaml.`,
      { cause: error },
    );
  }
  const file = join(directory, 'version');
  const found = readVersion(file);
  if (found === null) writeFileSync(file, `${layout}\n`, { mode: 0o600 });
  else if (found > layout) {
    throw new FarthingError(
      'data_directory_too_new',
      `The data directory ${directory} has layout ${found}; this Farthing knows layouts up to ${layout}. Update Farthing, or choose another directory with --data. Nothing was changed.`,
    );
  }
  return directory;
}

function readVersion(file: string): number | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  // An empty file is one whose writer died between creating and filling it.
  return text === '' ? null : Number(text);
}

/**
 * Makes a directory and what is missing above it, one by one: Node's own `recursive` never returns
 * where a parent exists that takes no directories (/proc).
 */
function makeDirectory(directory: string): void {
  if (existsSync(directory)) return;
  const parent = dirname(directory);
  if (parent !== directory) makeDirectory(parent);
  try {
    mkdirSync(directory, { mode: 0o700 });
  } catch (error) {
    // Another process of ours may have been quicker.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
