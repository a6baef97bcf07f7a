export { alertSinkList, type AlertSinkConfig } from './alert-sink-settings.js';
export { alertModes, watchSettings, type AlertSettings } from './alert-settings.js';
export {
  fillSecrets,
  mistake,
  refuseCredentials,
  refuseShortSecret,
  sendableHeaders,
  type ConfigSubject,
} from './fill-secrets.js';
export { environmentVariables } from './environment.js';
export {
  controlTokenProblem,
  gatewayTokenProblem,
  isLoopback,
  listenerProblems,
  otlpTokenProblem,
} from './listeners.js';
export { loadConfig, type LoadedConfig } from './load-config.js';
export { nameInEntries, priceAs } from './price-as.js';
export type { OutletConfig } from './outlet-settings.js';
export { priceOverrides } from './price-overrides.js';
export { priceSettings, type PriceSettings } from './price-settings.js';
export { runCeilings, type RunGuardSettings } from './run-guard-settings.js';
export { configSchema, type Config, type ProviderConfig } from './schema.js';
export { durationOf } from './duration.js';
