export { lastNotices } from './last-notices.js';
export { openNoticeQueue, type NoticeQueue, type NoticeQueueOptions } from './notice-queue.js';
export { readAlertSinks } from './read-sinks.js';
export { registerSinkMetrics } from './sink-metrics.js';
export { SinkBusy, SinkRefused, type IncidentSink, type Notice } from './sink.js';
