export {
  incidentCauses,
  type BelowLeastPage,
  type Incident,
  type IncidentAction,
  type IncidentCause,
  type IncidentChange,
  type IncidentEvent,
  type IncidentFinding,
  type IncidentSeverity,
  type IncidentSize,
  type IncidentState,
} from './incident.js';
export type {
  ActionOrder,
  ActionPolicyView,
  AlertAccess,
  AlertMode,
  AlertOverview,
  AlertRuleView,
  DryRun,
  DryRunGroup,
  DryRunRequest,
  IncidentList,
  IncidentOrder,
  IncidentQuestion,
  SinkStatus,
  SinkTrial,
} from './alert-desk.js';
export { groupKey, watchedCall, type WatchedCall } from './watched-call.js';
export { GroupWatch, type Found, type GroupWatchState } from './group-watch.js';
export { type IncidentUpdate, type SignalSource } from './incident-update.js';
export { causeTexts, usualModes } from './severity.js';
export { Watch, type WatchSettings, type WatchState } from './watch.js';
