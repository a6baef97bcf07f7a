import { join } from 'node:path';

/** What lies in `<data>/prices`. */
export interface PriceDirectory {
  /** The refreshed base price list; the bundled one holds where it is missing. */
  base: string;
  previousBase: string;
  /** Rows that `farthing prices set` has appended. */
  own: string;
  /** What people have accepted, and when running processes were last asked to look again. */
  refresh: string;
  /** The last good content of every file and URL. */
  copies: string;
}

export function priceDirectory(dataDirectory: string): PriceDirectory {
  const directory = join(dataDirectory, 'prices');
  return {
    base: join(directory, 'base.json'),
    previousBase: join(directory, 'base.previous.json'),
    own: join(directory, 'own.jsonl'),
    refresh: join(directory, 'refresh.json'),
    copies: join(directory, 'copies'),
  };
}
