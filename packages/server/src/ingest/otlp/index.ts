export { bodyLimits } from './read-body.js';
export {
  openTelemetryIngest,
  type TelemetryCounts,
  type TelemetryIngest,
  type TelemetryIngestOptions,
} from './open-telemetry-ingest.js';
