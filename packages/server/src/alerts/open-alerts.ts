import type { IncidentUpdate } from '@farthing/core';
import { watchSettings, type AlertSettings, type RunGuardSettings } from '../config/index.js';
import type { BookingBatch, Store } from '../store/store.js';
import type { ActionPort } from './action-port.js';
import { AlertDesk } from './alert-desk.js';
import { AlertEngine } from './alert-engine.js';
import { dryRun } from './dry-run.js';
import { IncidentLog } from './incident-log.js';
import { lastNotices, type Notice, type NoticeQueue } from './sinks/index.js';

type Log = (facts: object, message: string) => void;

export interface AlertsOptions {
  dataDirectory: string;
  store: Pick<Store, 'locate' | 'positions'>;
  settings: AlertSettings;
  runGuard: RunGuardSettings;
  notices: NoticeQueue;
  actions: ActionPort;
  log: { info: Log; warn: Log };
  /** Hears of every incident as it changes, for live views. */
  onIncident(update: IncidentUpdate): void;
  now(): Date;
}

export interface Alerts {
  desk: AlertDesk;
  engine: AlertEngine;
  incidents: IncidentLog;
  /** Takes what the ledger has just booked. */
  booked(batch: BookingBatch): void;
  stop(): Promise<void>;
}

/** Starts watching what is booked. To be called before the ledger books anything. */
export async function openAlerts(options: AlertsOptions): Promise<Alerts> {
  const { dataDirectory, store, settings, notices, actions, log, now } = options;
  const watched = watchSettings(settings, options.runGuard);
  const incidents = await IncidentLog.open(dataDirectory);
  const stopping = new AbortController();
  const engine = new AlertEngine({
    dataDirectory,
    store,
    settings: watched,
    incidents,
    log,
    onUpdate: (update) => tell(update),
    now,
  });
  const desk = new AlertDesk({
    settings,
    rules: watched.rules,
    incidents,
    engine,
    actions,
    sinks: () => notices.statuses(),
    sinkProblem: () => notices.problem(),
    trySink: (name) => notices.trySink(name),
    dryRun: (rule, from) =>
      dryRun({
        dataDirectory,
        store,
        rule,
        settings: watched,
        from,
        to: now().getTime(),
        signal: stopping.signal,
      }),
    now,
  });
  const tell = (update: IncidentUpdate): void => {
    const { what, incident } = update;
    const isNew = what === 'opened' || what === 'reopened';
    const muted = isNew && incident.muted_until === null ? desk.mutedUntil(incident) : null;
    if (muted !== null) {
      // Before anybody is told: the mute's own update is what live views get to see.
      const note = 'muted by the configuration';
      engine.change((book, at) => book.mute(incident.id, muted, 'farthing', note, at));
    } else {
      options.onIncident(update);
      const told = noticeOf(update);
      if (told !== null) void notices.push({ what: told, at: incident.updated_at, incident });
    }
    desk.heed(update).catch((error: unknown) => {
      const { message: reason } = error as Error;
      log.warn({ incident: incident.id, reason }, 'an action could not be begun');
    });
  };
  await engine.start();
  // A crash may have come between keeping an incident and telling of it; what was told is ignored.
  for (const notice of lastNotices(incidents.all, now().getTime())) {
    if (desk.mutedUntil(notice.incident) === null) void notices.push(notice);
  }
  return {
    desk,
    engine,
    incidents,
    booked: (batch) => engine.booked(batch),
    async stop() {
      stopping.abort();
      await engine.stop();
    },
  };
}

/** What people are told of an update; null where it is not theirs to know. */
function noticeOf({ what, incident }: IncidentUpdate): Notice['what'] | null {
  if (what === 'refreshed') return null;
  // Sinks that can mute it there hear of it, the others do not.
  if (what === 'muted') return 'updated';
  // What was muted and goes on is news to those who have not been told.
  if (what === 'unmuted') return incident.state === 'resolved' ? null : 'updated';
  return what;
}
