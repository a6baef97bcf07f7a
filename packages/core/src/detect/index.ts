export { GroupMonitor, type Finding } from './group-monitor.js';
export { shiftChannels, type ObservedCall, type ShiftChannel } from './observed-call.js';
export type { RunAlarm } from './run-guard.js';
export type { Shift } from './shift-detector.js';
