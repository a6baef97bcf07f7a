import { isFields, type Fields } from '../../usage/fields.js';
import type { PriceBook } from '../price-book.js';
import { isLitellmMap, readLitellmMap } from './litellm/index.js';
import type { PriceFile } from './price-file.js';
import { invalidPrices } from './problems.js';
import { readFarthingPrices } from './read-farthing-prices.js';

/**
 * Reads a file of prices: Farthing's own format or LiteLLM's price map, told apart by its shape.
 *
 * @param value parsed JSON or YAML, untrusted.
 * @param name the file's name, for messages and as the rows' source.
 * @param known a price book to check `same_as` against; without one, a target that the file does not
 * have itself is only looked for when a call is priced.
 * @throws FarthingError `invalid_prices` whose message lists every problem with row, field and fix.
 */
export function readPriceFile(value: unknown, name: string, known?: PriceBook): PriceFile {
  if (Array.isArray(value)) return readFarthingPrices(value, name, known);
  if (!isFields(value))
    throw invalidPrices(name, [{ place: '', field: '', message: notPrices(value) }]);
  if (isLitellmMap(value)) return readLitellmMap(value, name);
  return readFarthingPrices(isRow(value) ? [value] : value, name, known);
}

/** A single row, written without its list. */
function isRow(value: Fields): boolean {
  return typeof value['provider'] === 'string' && value['prices'] === undefined;
}

function notPrices(value: unknown): string {
  const expected = 'a list of prices, or an object with "prices" and "tools", is expected';
  if (typeof value !== 'string') return `it is empty: ${expected}`;
  const page = /^\s*</.test(value) ? 'it is a web page' : 'it is a plain text';
  return `${page}, no prices: ${expected}`;
}
