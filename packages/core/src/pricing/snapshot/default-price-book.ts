import { overlayLayer } from '../overlay/index.js';
import { PriceBook, type PriceBookOptions } from '../price-book.js';
import type { PriceLayer } from '../price-rows.js';
import { snapshotLayer } from './snapshot-layer.js';

/** The price book that ships with Farthing, under the user's own layers. */
export function defaultPriceBook(
  overrides: readonly PriceLayer[] = [],
  options: PriceBookOptions = {},
): PriceBook {
  return new PriceBook([snapshotLayer(), overlayLayer(), ...overrides], options);
}
