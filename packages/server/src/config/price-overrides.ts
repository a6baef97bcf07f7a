import { readPriceFile, ruleLayer, type PriceLayer } from '@farthing/core';
import { defaultPriceBook } from '@farthing/core/prices';
import type { Config } from './schema.js';

const name = 'farthing.yaml';

/**
 * The layer of the price book that the configuration's `prices` and `tools` make; none when it names
 * none.
 * @throws FarthingError `invalid_prices` with every problem, by row, field and fix.
 */
export function priceOverrides({
  prices,
  tools: stated,
}: Pick<Config, 'prices' | 'tools'>): PriceLayer[] {
  if (prices.length === 0 && Object.keys(stated).length === 0) return [];
  const { rules, tools } = readPriceFile({ prices, tools: stated }, name, defaultPriceBook());
  return [ruleLayer('override', name, rules, tools)];
}
