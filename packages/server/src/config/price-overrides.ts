import { readOverride, ruleLayer, type PriceLayer } from '@farthing/core';
import type { Config } from './schema.js';

/**
 * The layer of the price book that the configuration's `prices` make; none when it names none.
 * @throws FarthingError `invalid_override` with the field and the fix.
 */
export function priceOverrides(config: Pick<Config, 'prices'>): PriceLayer[] {
  if (config.prices.length === 0) return [];
  const rules = config.prices.flatMap((row) =>
    readOverride(row, { provider: row.provider, model: row.model ?? '*' }),
  );
  return [ruleLayer('override', 'farthing.yaml', rules)];
}
