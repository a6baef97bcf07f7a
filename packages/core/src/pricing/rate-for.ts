import type { RateUnit } from './rate-units.js';

/**
 * Where a bucket has no rate of its own it is billed as the next wider one: no discount is known for
 * it, and no surcharge. Plain input and output have nothing to fall back to.
 */
const widerUnit: { readonly [unit in RateUnit]?: RateUnit } = {
  cache_read: 'input',
  cache_write: 'input',
  cache_write_5m: 'cache_write',
  cache_write_1h: 'cache_write',
  input_audio: 'input',
  input_image: 'input',
  input_video: 'input',
  cache_read_audio: 'cache_read',
  cache_read_image: 'cache_read',
  output_audio: 'output',
  output_image: 'output',
  output_video: 'output',
  output_reasoning: 'output',
};

/** The rate of a unit: its own, else that of the next wider unit which has one. */
export function rateFor<Rate>(
  rates: ReadonlyMap<RateUnit, Rate>,
  unit: RateUnit,
): Rate | undefined {
  let rate = rates.get(unit);
  for (let wider = widerUnit[unit]; rate === undefined && wider !== undefined;) {
    rate = rates.get(wider);
    wider = widerUnit[wider];
  }
  return rate;
}
