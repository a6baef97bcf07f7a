export type { QuantityChange } from './compare-quantity.js';
export type { VersionSwitch } from './date-switch.js';
export { templateOrders, type TemplateOrder } from './order-versions.js';
export { templateQuantities, type TemplateQuantity } from './quantities.js';
export {
  buildTemplates,
  type TemplateRow,
  type TemplatesReport,
  type TemplatesRequest,
} from './templates-report.js';
