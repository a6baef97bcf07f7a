export type { NoticeQueue, NoticeQueueOptions, SinkStatus, SinkTrial } from './notice-queue.js';
export { SinkBusy, SinkRefused, type IncidentSink, type Notice } from './sink.js';
