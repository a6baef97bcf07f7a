export { createControlPlaneApp } from './control-plane-app.js';
export { createOtlpApp, type OtlpAppOptions } from './create-otlp-app.js';
export type { ControlPlaneDependencies } from './dependencies.js';
export { LiveEvents, type LiveEventsOptions } from './live-events.js';
export { ControlPlaneMetrics } from './metrics.js';
export { writeOpenApiText } from './openapi-document.js';
export type { AppendEntries, LedgerStatus, LedgerView } from './ports.js';
export { serveControlPlane, type ServedControlPlane } from './serve-control-plane.js';
