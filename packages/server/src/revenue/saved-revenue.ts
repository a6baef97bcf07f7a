import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FarthingError, type RevenueLine } from '@farthing/core';
import { replaceFile } from '../files/replace-file.js';

/** The revenue that margins are asked against when none is given: pseudonyms, never names of users. */
export interface SavedRevenue {
  saved_at: string;
  lines: RevenueLine[];
}

/** Null where none was saved. Throws `revenue_damaged`. */
export async function readSavedRevenue(dataDirectory: string): Promise<SavedRevenue | null> {
  const path = fileOf(dataDirectory);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  try {
    const saved = JSON.parse(text) as SavedRevenue;
    if (Array.isArray(saved.lines)) return saved;
  } catch {
    // Told below, as what has no lines is.
  }
  throw new FarthingError(
    'revenue_damaged',
    `${path} holds no revenue. Save it again: farthing margin --revenue <file> --save.`,
  );
}

/** In place of what was saved before. */
export async function saveRevenue(
  dataDirectory: string,
  lines: RevenueLine[],
  now: Date,
): Promise<SavedRevenue> {
  const saved: SavedRevenue = { saved_at: now.toISOString(), lines };
  await replaceFile(fileOf(dataDirectory), `${JSON.stringify(saved)}\n`);
  return saved;
}

function fileOf(dataDirectory: string): string {
  return join(dataDirectory, 'revenue.json');
}
