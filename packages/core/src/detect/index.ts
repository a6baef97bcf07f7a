export {
  GroupMonitor,
  watchedRates,
  type Finding,
  type GroupState,
  type WatchedRate,
} from './group-monitor.js';
export { shiftChannels, type ObservedCall, type ShiftChannel } from './observed-call.js';
export type { Creep } from './creep-detector.js';
export type { RateRise } from './rate-detector.js';
export type { RunAlarm } from './run-guard.js';
export type { Shift } from './shift-detector.js';
export type { TemplateEffect } from './template-switch.js';
export * from './rules/index.js';
