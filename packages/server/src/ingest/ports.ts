import type { PriceBook } from '@farthing/core';

/** What an import asks of the composition root. */
export interface ImportPorts {
  /** Prices calls as of their own time. */
  priceBook: Pick<PriceBook, 'price'>;
  /** The stored form of a user id (a keyed hash, by configuration); undefined when users are not kept. */
  pseudonymize(user: string): string | undefined;
}
