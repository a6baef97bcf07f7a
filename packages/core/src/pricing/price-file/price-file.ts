import type { PriceRule } from '../price-rows.js';
import type { ToolPrice } from '../tool-prices.js';

/** A file of the user's own prices, read and checked. */
export interface PriceFile {
  format: 'farthing' | 'litellm';
  /** In the order in which they apply. */
  rules: PriceRule[];
  tools: ToolPrice[];
  /** What a reader should know: what was left out, what looks odd. One sentence each. */
  notes: string[];
}
