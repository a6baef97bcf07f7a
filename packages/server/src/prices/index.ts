export { LivePrices, type LivePricesOptions } from './live-prices.js';
export { PriceDesk, type PriceDeskOptions } from './price-desk.js';
export type { PriceLog } from './price-source.js';
export { registerPriceMetrics } from './price-metrics.js';
