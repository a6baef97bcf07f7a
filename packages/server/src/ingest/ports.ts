import type { PriceBook, Tags } from '@farthing/core';

/** What an import asks of the composition root. */
export interface ImportPorts {
  /** Prices calls as of their own time. */
  priceBook: Pick<PriceBook, 'price'>;
  /** Replaces what is personal in the tags (a keyed pseudonym, by configuration), in place. */
  protect(tags: Tags): void;
  /** The same of entries that come whole, from other books: pseudonyms among the tags stay. */
  protectReceived?(tags: Tags): void;
  /**
   * The rows of a Parquet file, in batches; absent where no driver can read one. Columns are those of
   * the file, values are JSON values (times as ISO 8601 in UTC, decimals and 64-bit integers as text).
   */
  readParquet?(file: string): AsyncIterable<readonly Record<string, unknown>[]>;
  now(): Date;
}
