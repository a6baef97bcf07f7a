import type { OpenAPIHono } from '@hono/zod-openapi';
import type { RouteDependencies } from '../dependencies.js';
import { registerBudgetRoutes } from './budgets.js';
import { registerCallRoutes } from './calls.js';
import { registerClosingRoutes } from './closings.js';
import { registerCorrectionRoutes } from './corrections.js';
import { registerDimensionRoutes } from './dimensions.js';
import { registerEntriesRoute } from './entries.js';
import { registerEstimateRoute } from './estimates.js';
import { registerEventsRoute } from './events.js';
import { registerExportRoute } from './export.js';
import { registerFocusRoute } from './focus.js';
import { registerHealthRoutes } from './health.js';
import { registerPriceRoutes } from './prices.js';
import { registerQueryRoutes } from './query.js';
import { registerReconciliationRoutes } from './reconciliations.js';
import { registerStatusRoute } from './status.js';
import { registerUnpricedRoute } from './unpriced.js';

export function registerRoutes(app: OpenAPIHono, dependencies: RouteDependencies): void {
  registerQueryRoutes(app, dependencies);
  registerCallRoutes(app, dependencies);
  registerDimensionRoutes(app, dependencies);
  registerUnpricedRoute(app, dependencies);
  registerReconciliationRoutes(app, dependencies);
  registerPriceRoutes(app, dependencies);
  registerBudgetRoutes(app, dependencies);
  registerEstimateRoute(app, dependencies);
  registerStatusRoute(app, dependencies);
  registerEventsRoute(app, dependencies);
  registerExportRoute(app, dependencies);
  registerFocusRoute(app, dependencies);
  registerEntriesRoute(app, dependencies);
  registerCorrectionRoutes(app, dependencies);
  registerClosingRoutes(app, dependencies);
  registerHealthRoutes(app, dependencies);
}
