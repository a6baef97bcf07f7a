import { baseLayer, readBaseEdition } from '@farthing/core/prices';
import { FarthingError } from '@farthing/core';
import type { ParsedPrices } from './price-source.js';
import { sourceProblem } from './problem.js';

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
    return { layer: baseLayer(readBaseEdition(value)), notes: [] };
  } catch (error) {
    if (!FarthingError.isInstance(error)) throw error;
    throw sourceProblem(
      `${error.message} Write it anew with "farthing prices refresh", or go back with "farthing prices refresh --rollback".`,
      error,
    );
  }
}
