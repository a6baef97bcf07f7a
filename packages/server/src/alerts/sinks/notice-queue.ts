import type { AlertSinkConfig } from '../../config/index.js';
import type { Notice } from './sink.js';

type Log = (facts: object, message: string) => void;

export interface NoticeQueueOptions {
  /** The sinks of the configuration with their secrets filled in: `readAlertSinks`. */
  configs: readonly AlertSinkConfig[];
  dataDirectory: string;
  log: { info: Log; warn: Log };
  now(): Date;
  /** Where people open the dashboard, for links; null where nobody knows. */
  dashboardUrl: string | null;
}

export interface SinkStatus {
  name: string;
  type: string;
  /** `waiting`: the other side fails at the moment; `refused`: it will go on to until someone changes something. */
  state: 'running' | 'waiting' | 'refused' | 'stopped';
  /** Notices that it has taken since it was set up; repeats are not counted. */
  delivered: number;
  /** Notices that it has still to take. */
  waiting: number;
  /** Notices that a later one of the same incident has replaced, or that too many others have, while it was away. */
  replaced: number;
  last_delivered_at: string | null;
  /** Why the last attempt failed, without any secret; null when it did not. */
  problem: string | null;
}

export type SinkTrial = { ok: true } | { ok: false; problem: string };

/** Tells every sink what it is to be told, each from a place of its own, at least once. */
export interface NoticeQueue {
  /**
   * Takes a notice; resolves when it is on disk, or, should the disk be full, in memory alone (`problem`
   * tells). Never rejects. Key and link are made here. The same version of an incident again, or an
   * earlier one, is ignored. A muted incident's notice goes nowhere, but for the end of what was told.
   */
  push(notice: Pick<Notice, 'what' | 'at' | 'incident'>): Promise<void>;
  /** In the order of the configuration. */
  statuses(): SinkStatus[];
  /** Why notices are held in memory alone; null while they are not. */
  problem(): string | null;
  /** Sends a test notice at once, past the queue. Throws `not_found` for an unknown name, with suggestions. */
  trySink(name: string): Promise<SinkTrial>;
  /** Ends what is under way within a few seconds, whatever a sink does. */
  stop(): Promise<void>;
}
