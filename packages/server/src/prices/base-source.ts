import { baseLayer, readBaseEdition, snapshotBook } from '@farthing/core/prices';
import { FarthingError } from '@farthing/core';
import type { StoredBase } from './base-file.js';
import type { ParsedPrices } from './price-source.js';
import { sourceProblem } from './problem.js';

/** After an update of Farthing the bundled prices may be newer than those of the last refresh. */
function ageNotes(value: unknown): string[] {
  const { bundled, refreshed_at: at } = value as Partial<StoredBase>;
  if (bundled === undefined || bundled === snapshotBook) return [];
  return [
    `refreshed ${String(at).slice(0, 10)} over ${bundled}, and this version of Farthing brings ${snapshotBook}: run "farthing prices refresh" again, or go back to what it brings with "farthing prices refresh --rollback"`,
  ];
}

/** Reads `base.json` as `farthing prices refresh` wrote it. Throws `price_list_invalid`. */
export function parseBase(text: string): ParsedPrices {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw sourceProblem(
      'it is not valid JSON: write it anew with "farthing prices refresh", or go back with "farthing prices refresh --rollback"',
      error,
    );
  }
  try {
    return { layer: baseLayer(readBaseEdition(value)), notes: ageNotes(value) };
  } catch (error) {
    if (!FarthingError.isInstance(error)) throw error;
    throw sourceProblem(
      `${error.message} Write it anew with "farthing prices refresh", or go back with "farthing prices refresh --rollback".`,
      error,
    );
  }
}
