import { readFileSync, rmSync } from 'node:fs';
import {
  baseLayer,
  bundledEdition,
  readBaseEdition,
  snapshotBook,
  type BaseEdition,
} from '@farthing/core/prices';
import { FarthingError } from '@farthing/core';
import { writeAtomically } from './atomic-file.js';
import type { PriceDirectory } from './price-directory.js';

/** A refreshed base as it lies on disk: the edition, and how it came about. */
export interface StoredBase extends BaseEdition {
  source: string;
  refreshed_at: string;
  refreshed_by: string;
  /** What the guard found and the person accepted. */
  accepted: string[];
  /** The edition that was bundled at that time; another one by now may be newer than this. */
  bundled: string;
}

/** The base in use: the refreshed one, or the bundled one where there is none or it is damaged. */
export function currentBase({ base }: PriceDirectory): BaseEdition {
  const text = read(base);
  if (text === null) return bundledEdition();
  try {
    return readBaseEdition(JSON.parse(text));
  } catch {
    return bundledEdition();
  }
}

/** Puts a refreshed base into use and keeps the one before it. */
export function writeBase(
  { base, previousBase }: PriceDirectory,
  stored: Omit<StoredBase, 'bundled'>,
): void {
  swapIn(previousBase, read(base));
  writeAtomically(base, `${JSON.stringify({ ...stored, bundled: snapshotBook })}\n`);
}

/**
 * Goes back to the base before the last refresh, or from there to the bundled one. What was gone back
 * from is not kept: another rollback must not bring back a list that somebody has just rejected.
 * Throws `nothing_to_roll_back` where the bundled one is in use.
 */
export function rollBackBase({ base, previousBase }: PriceDirectory): void {
  const [current, previous] = [read(base), read(previousBase)];
  if (current === null) {
    throw new FarthingError(
      'nothing_to_roll_back',
      `The bundled prices (${snapshotBook}) are in use: there is nothing earlier to go back to.`,
    );
  }
  if (previous !== null) baseLayer(readBaseEdition(JSON.parse(previous)));
  swapIn(base, previous);
  swapIn(previousBase, null);
}

function swapIn(path: string, text: string | null): void {
  if (text === null) rmSync(path, { force: true });
  else writeAtomically(path, text);
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
