export {
  GroupMonitor,
  watchedRates,
  type Finding,
  type GroupState,
  type WatchedRate,
} from './group-monitor.js';
export { shiftChannels, type ObservedCall, type ShiftChannel } from './observed-call.js';
export type { Creep } from './creep-detector.js';
export { OutlierRecorder, type CostOutlier, type OutlierState } from './outlier-recorder.js';
export { runDepth } from './run-depth.js';
export type { RateRise } from './rate-detector.js';
export {
  RunGuard,
  type RunAlarm,
  type RunCall,
  type RunCeilings,
  type RunGuardState,
  type RunReason,
} from './run-guard.js';
export type { Shift } from './shift-detector.js';
export { SilenceDetector, type Silence, type SilenceState } from './silence-detector.js';
export type { TemplateEffect } from './template-switch.js';
export { VolumeDetector, type VolumeChange, type VolumeState } from './volume-detector.js';
export * from './rules/index.js';
export * from './series/index.js';
