export { LivePrices, type LivePricesOptions } from './live-prices.js';
export { registerPriceMetrics } from './price-metrics.js';
