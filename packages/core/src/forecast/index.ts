export type { ForecastAmounts, UsdInterval } from './amounts.js';
export {
  buildBudgetOutlooks,
  type AccountToForecast,
  type BudgetOutlook,
  type BudgetToForecast,
} from './budget-outlook.js';
export { monthWindow, readForecastMonth } from './calendar.js';
export {
  buildForecast,
  type Forecast,
  type ForecastRequest,
  type ForecastRow,
} from './month-forecast.js';
export type { ForecastPoint } from './points.js';
export { project, type Confidence, type Interval, type Projection } from './project.js';
export { leastDays, type ForecastBasis } from './project-spend.js';
export type { Series } from './series.js';
export type { SimpleForecastName } from './simple-forecasts.js';
