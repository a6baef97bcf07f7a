export { budgetActions, type ActionPort } from './action-port.js';
export { AlertDesk } from './alert-desk.js';
export { AlertEngine, type AlertEngineStatus } from './alert-engine.js';
export { registerAlertMetrics } from './alert-metrics.js';
export { dryRun } from './dry-run.js';
export { IncidentLog } from './incident-log.js';
export { openOfflineDesk, type OfflineDeskOptions } from './offline-desk.js';
export { openAlerts, type Alerts } from './open-alerts.js';
export {
  openNoticeQueue,
  readAlertSinks,
  registerSinkMetrics,
  type NoticeQueue,
} from './sinks/index.js';
