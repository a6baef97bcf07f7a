export {
  baseFallbacksOf,
  baseLayer,
  readBaseEdition,
  type BaseEdition,
  type BaseFallbacks,
} from './base-edition.js';
export { baseRules, type BaseModel, type BaseRow } from './base-model.js';
export { checkBase } from './check-base.js';
export { convertGenaiPrices, type Conversion } from './convert-genai-prices.js';
export { diffBase } from './diff-base.js';
export type { GenaiProvider } from './genai-prices-data.js';
export { guardPrices, movesTenfold, type PriceGuard } from './guard-prices.js';
export { readGenaiPrices } from './read-genai-prices.js';
