import { FarthingError } from '@farthing/core';
import { environment } from './platform.js';

/** The key in bytes, from the settings or the environment. Throws `secret_invalid` for one that is none. */
export function secretKey(secret: string | undefined): Uint8Array | undefined {
  const key = secret ?? environment('FARTHING_SECRET');
  if (key === undefined) return undefined;
  if (!/^[0-9a-f]{64}$/i.test(key)) {
    throw new FarthingError(
      'secret_invalid',
      '`secret` (or FARTHING_SECRET) must be 64 hexadecimal digits, e.g. the content of the file `secret` in the data directory of Farthing.',
    );
  }
  return Uint8Array.from(key.match(/../g)!, (pair) => Number.parseInt(pair, 16));
}
