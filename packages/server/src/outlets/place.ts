import { readFileSync } from 'node:fs';
import { FarthingError } from '@farthing/core';
import { replaceFile } from '../files/replace-file.js';
import type { JournalPosition } from '../store/store.js';

/** How far an outlet has got. */
export interface OutletPlace {
  positions: JournalPosition[];
  /** Entries delivered since the outlet was set up. */
  delivered: number;
  last_delivered_at: string | null;
}

/** Null where the outlet is new. Throws `outlet_damaged`: to guess would lose or repeat entries. */
export function readPlace(path: string): OutletPlace | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  try {
    const place = JSON.parse(text) as OutletPlace;
    if (place.positions.every(isPosition) && Number.isInteger(place.delivered)) return place;
  } catch {
    // As below.
  }
  throw new FarthingError(
    'outlet_damaged',
    `${path} cannot be read. Restore it from a backup, or delete it: the outlet then begins anew, as its \`from\` says.`,
  );
}

export async function writePlace(path: string, place: OutletPlace): Promise<void> {
  await replaceFile(path, `${JSON.stringify(place)}\n`);
}

function isPosition(position: JournalPosition): boolean {
  const { journal, segment, offset } = position;
  return typeof journal === 'string' && Number.isInteger(segment) && Number.isInteger(offset);
}
