import { didYouMean, FarthingError, type SinkStatus } from '@farthing/core';
import { watchSettings, type AlertSettings, type RunGuardSettings } from '../config/index.js';
import type { Store } from '../store/store.js';
import { AlertDesk } from './alert-desk.js';
import { dryRun, type DryRunOptions } from './dry-run.js';
import { IncidentLog } from './incident-log.js';
import { openSink } from './sinks/open-sink.js';
import { placePath, readPlace } from './sinks/sink-place.js';
import { readAlertSinks } from './sinks/read-sinks.js';
import { trySink } from './sinks/try-sink.js';

export interface OfflineDeskOptions {
  dataDirectory: string;
  settings: AlertSettings;
  runGuard: RunGuardSettings;
  environment: Record<string, string | undefined>;
  /** Opens the books for as long as the work takes. */
  withStore<Result>(
    work: (store: Pick<Store, 'locate' | 'positions'>) => Promise<Result>,
  ): Promise<Result>;
  signal: AbortSignal;
  onProgress?: DryRunOptions['onProgress'];
  now(): Date;
}

/** Incidents of a data directory that no control plane serves: they can be read, and rules be tried. */
export async function openOfflineDesk(options: OfflineDeskOptions): Promise<AlertDesk> {
  const { dataDirectory, settings, environment, withStore, signal, onProgress, now } = options;
  const watched = watchSettings(settings, options.runGuard);
  return new AlertDesk({
    settings,
    rules: watched.rules,
    incidents: await IncidentLog.open(dataDirectory),
    engine: null,
    actions: null,
    sinks: () =>
      settings.sinks.map(({ name, type }) => ({ name, type, ...stoppedSink(dataDirectory, name) })),
    sinkProblem: () => null,
    async trySink(name) {
      const sinks = readAlertSinks(settings.sinks, environment);
      const config = sinks.find((sink) => sink.name === name);
      if (config !== undefined) {
        const dashboardUrl = settings.dashboard_url ?? null;
        return trySink(config, { now, dashboardUrl, open: openSink });
      }
      const names = sinks.map((sink) => sink.name);
      throw new FarthingError(
        'unknown_sink',
        `There is no sink "${name}".${didYouMean(name, names)} \`alerts.sinks\` in farthing.yaml has ${names.join(', ') || 'none'}.`,
      );
    },
    dryRun: (rule, from) =>
      withStore((store) =>
        dryRun({
          dataDirectory,
          store,
          rule,
          settings: watched,
          from,
          to: now().getTime(),
          signal,
          ...(onProgress === undefined ? {} : { onProgress }),
        }),
      ),
    now,
  });
}

/** How far a sink had got when it was stopped. */
function stoppedSink(dataDirectory: string, name: string): Omit<SinkStatus, 'name' | 'type'> {
  const place = readPlace(placePath(dataDirectory, name));
  const known = typeof place === 'string' ? null : place;
  return {
    state: 'stopped',
    delivered: known?.delivered ?? 0,
    waiting: known?.waiting.length ?? 0,
    replaced: known?.replaced ?? 0,
    last_delivered_at: known?.last_delivered_at ?? null,
    problem: null,
  };
}
