import { loadKeys } from './key-ring.js';

/**
 * The data directory's secret that is in use now, made at first use. It keys the users' pseudonyms
 * and signs what only this installation may have given out.
 */
export function loadSecret(dataDirectory: string): Buffer {
  return loadKeys(dataDirectory).at(-1)!.key;
}
