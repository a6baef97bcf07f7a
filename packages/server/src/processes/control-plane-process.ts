import { buildBudgetOutlooks, TagPolicy } from '@farthing/core';
import type { Logger } from 'pino';
import {
  budgetActions,
  openAlerts,
  openNoticeQueue,
  readAlertSinks,
  registerAlertMetrics,
  registerSinkMetrics,
} from '../alerts/index.js';
import {
  ControlPlaneMetrics,
  createControlPlaneApp,
  LiveEvents,
  serveControlPlane,
} from '../api/index.js';
import { BudgetDesk, registerBudgetMetrics } from '../budgets/index.js';
import { openRequestCounter } from '../count/index.js';
import {
  alertModes,
  controlTokenProblem,
  durationOf,
  nameInEntries,
  otlpTokenProblem,
  priceAs,
  type Config,
  type PriceSettings,
} from '../config/index.js';
import { removeControlFile, writeControlFile } from '../control/control-file.js';
import { DriftLog } from '../drift/index.js';
import { interruptedEntries, resolveProviders } from '../gateway/index.js';
import { adoptAbandonedJournals } from '@farthing/journal';
import { startLedger } from '../ledger/index.js';
import { openOutlets, readOutlets, registerOutletMetrics } from '../outlets/index.js';
import { finishPending, forget, openTagPrivacy } from '../privacy/index.js';
import { PriceDesk, registerPriceMetrics, type LivePrices } from '../prices/index.js';
import { createReconciler } from '../reconcile/index.js';
import { openCorrections } from '../reprice/index.js';
import type { Store } from '../store/store.js';
import { openDataDirectory } from './data-directory.js';
import { entryJournal } from './entry-journal.js';
import { applyRetention } from './retention.js';
import { inOrder, repeat } from './steps.js';
import type { Running } from './running.js';
import { registerTelemetryMetrics } from './telemetry-metrics.js';
import { openTelemetry, type Telemetry } from './telemetry.js';

export interface ControlPlaneProcessOptions {
  config: Config;
  openStore: (dataDirectory: string) => Promise<Store>;
  /** Opens the price book, which stays current while the process runs. */
  openPrices: (dataDirectory: string) => Promise<LivePrices>;
  priceSettings: PriceSettings;
  dashboardDirectory: string;
  log: Logger;
  version: string;
}

const adoptEveryMilliseconds = 10_000;
/** How often it is looked for lines that wait; how often a feature gets one is configured. */
const driftLogEveryMilliseconds = 5_000;
/** Where budgets are going is asked of the books: not at every call. */
const paceEveryMilliseconds = 5 * 60_000;
const retentionEveryMilliseconds = 60 * 60_000;

/** Starts the control plane: store, ledger, HTTP API, live events and dashboard. */
export async function startControlPlaneProcess(
  options: ControlPlaneProcessOptions,
): Promise<Running> {
  const { config, log, version } = options;
  const unprotected = controlTokenProblem(config) ?? otlpTokenProblem(config);
  if (unprotected !== null) throw unprotected;
  const outletConfigs = readOutlets(config.outlets, process.env);
  const sinks = readAlertSinks(config.alerts.sinks, process.env);
  const dataDirectory = openDataDirectory(config.data);
  // Prices first: a mistake in them must not leave a store open behind it.
  const prices = await options.openPrices(dataDirectory);
  const store = await options.openStore(dataDirectory).catch((error: unknown) => {
    prices.close();
    throw error;
  });
  const price = prices.price.bind(prices);
  const desk = new PriceDesk({
    live: prices,
    dataDirectory,
    settings: options.priceSettings,
    configured: Object.keys(config.providers).map(nameInEntries),
    priceAs: priceAs(config),
    now: () => new Date(),
  });
  const interrupted = interruptedEntries(price, resolveProviders(config.providers, {}));
  const adopt = async () => {
    const calls = await adoptAbandonedJournals(dataDirectory, interrupted);
    if (calls > 0) log.warn({ calls }, 'calls of a dead gateway were booked as interrupted');
  };
  await adopt();
  const events = new LiveEvents();
  const metrics = new ControlPlaneMetrics();
  registerPriceMetrics(metrics.registry, () => prices.status());
  const budgets = new BudgetDesk({
    dataDirectory,
    config,
    tokenPrices: (question) => prices.book.tokenPrices(question),
    providerOf: (model) => desk.providerOf(model),
    counter: openRequestCounter(config.providers, process.env),
    now: () => new Date(),
  });
  registerBudgetMetrics(metrics.registry, async () => (await budgets.list()).budgets);
  const telemetry = await openTelemetry({
    config,
    dataDirectory,
    store,
    price,
    bookAll: () => ledger.drain(),
    log,
  });
  registerTelemetryMetrics(metrics.registry, () => telemetry.ingest.counts());
  const driftLog = new DriftLog({
    threshold: config.drift.threshold,
    everyMilliseconds: durationOf(config.drift.log_every),
    log,
  });
  const notices = await openNoticeQueue({
    configs: sinks,
    dataDirectory,
    log,
    now: () => new Date(),
    dashboardUrl:
      config.alerts.dashboard_url ?? `http://${config.control.host}:${config.control.port}`,
  });
  registerSinkMetrics(metrics.registry, () => notices.statuses());
  const alerts = await openAlerts({
    dataDirectory,
    store,
    settings: config.alerts,
    runGuard: config.run_guard,
    notices,
    actions: budgetActions(budgets),
    log,
    onIncident: ({ incident }) => events.tell(incident),
    now: () => new Date(),
  });
  registerAlertMetrics(
    metrics.registry,
    () => alerts.incidents.all,
    () => alerts.engine.status(),
  );
  const ledger = startLedger({
    dataDirectory,
    store,
    onBooked: (rows, booked, batch) => {
      metrics.record(rows);
      events.publish(rows);
      driftLog.booked(rows);
      telemetry.ingest.booked(booked);
      alerts.booked(batch);
    },
  });
  const entries = entryJournal({
    dataDirectory,
    name: 'control',
    segmentBytes: config.journal.segment_bytes,
  });
  const privacy = openTagPrivacy(config.privacy, dataDirectory, { watch: true });
  const personalData = {
    dataDirectory,
    store,
    bookAll: () => ledger.drain(),
    now: () => new Date(),
  };
  await finishPending(personalData);
  const outlets = openOutlets(outletConfigs, { dataDirectory, store, log, now: () => new Date() });
  registerOutletMetrics(metrics.registry, () => outlets.statuses());
  const stopping = new AbortController();
  const app = createControlPlaneApp({
    store,
    ledger,
    events,
    metrics,
    appendEntries: (batch) => {
      for (const { tags } of batch) privacy.protectReceived(tags);
      return entries.append(batch);
    },
    telemetry: telemetry.ingest,
    corrections: openCorrections(
      {
        dataDirectory,
        store,
        priceAs: priceAs(config),
        appendEntries: (batch) => entries.append(batch),
        bookAll: () => ledger.drain(),
        now: () => new Date(),
        signal: stopping.signal,
      },
      price,
    ),
    outlets: () => outlets.statuses(),
    requiredTags: new TagPolicy(config.tags.require).tags,
    forget: (request) =>
      forget(request, {
        ...personalData,
        rename: (from, to) => alerts.engine.rename(from, to),
      }),
    version,
    dataDirectory,
    dashboardDirectory: options.dashboardDirectory,
    ...(config.control.token === undefined ? {} : { token: config.control.token }),
    gatewayUrl: `http://${config.gateway.host}:${config.gateway.port}`,
    prices: {
      book: () => desk.book,
      status: () => desk.status(),
      show: (asked) => desk.show(asked),
      set: (request) => desk.set(request),
      missing: (window) => desk.missing(store, window),
    },
    budgets,
    alerts: alerts.desk,
    driftThreshold: config.drift.threshold,
    reconciliations: createReconciler({
      dataDirectory,
      store,
      priceBook: prices,
      settings: config.reconcile,
      environment: process.env,
    }),
    onError: (error, request) =>
      log.error({ ...request, reason: error.message }, 'a request failed'),
  });
  const served = await listen(app, config, telemetry).catch(async (error: unknown) => {
    await telemetry.close();
    await alerts.stop();
    await notices.stop();
    await ledger.stop();
    await store.close();
    throw error;
  });
  writeControlFile(dataDirectory, {
    pid: process.pid,
    url: served.url,
    version,
    started_at: new Date().toISOString(),
  });
  log.info({ url: served.url, data: dataDirectory }, 'control plane listening');

  const adopting = repeat(adoptEveryMilliseconds, log, adopt);
  const retaining = repeat(retentionEveryMilliseconds, log, () =>
    applyRetention({
      dataDirectory,
      store,
      outlets,
      days: config.journal.retention_days,
      now: () => new Date(),
    }),
  );

  const pacing =
    alertModes(config.alerts).budget_pace === 'off'
      ? null
      : repeat(paceEveryMilliseconds, log, async () => {
          const { budgets: all } = await budgets.list();
          const now = new Date().toISOString();
          alerts.engine.heedBudgets(await buildBudgetOutlooks(store, all, now));
        });
  const telling = repeat(driftLogEveryMilliseconds, log, async () => driftLog.flush());

  return {
    url: served.url,
    stop: () =>
      inOrder(log, {
        'background work': () => {
          stopping.abort();
          adopting.stop();
          retaining.stop();
          telling.stop();
          pacing?.stop();
          privacy.close();
          prices.close();
        },
        'live streams': () => events.close(),
        'HTTP server': () => served.close(),
        'OTLP server': () => telemetry.stopListening(),
        'spans that wait': () => telemetry.close(),
        'entry journal': () => entries.close(),
        // What the journals hold is booked now or, should the store refuse, at the next start.
        bookings: () => ledger.drain(),
        outlets: () => outlets.stop(),
        alerts: () => alerts.stop(),
        notices: () => notices.stop(),
        ledger: () => ledger.stop(),
        store: () => store.close(),
        'control file': () => removeControlFile(dataDirectory),
      }),
  };
}

/** The control plane's port and, where there is one, that of OTLP: both or none. */
async function listen(
  app: ReturnType<typeof createControlPlaneApp>,
  config: Config,
  telemetry: Telemetry,
): ReturnType<typeof serveControlPlane> {
  const served = await serveControlPlane(app, config.control);
  await telemetry.listen().catch(async (error: unknown) => {
    await served.close();
    throw error;
  });
  return served;
}
