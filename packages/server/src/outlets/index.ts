export { Delivery, type DeliveryOptions, type OutletStatus } from './delivery.js';
export { openOutlets, readOutlets, type Outlets } from './open-outlets.js';
export { registerOutletMetrics } from './outlet-metrics.js';
export { mostEntries, OutletRefused, type Outlet } from './outlet.js';
