#!/usr/bin/env node
// The composition root: the only file that picks drivers and connects the parts.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { TagPolicy } from '@farthing/core';
import { defaultPriceBook } from '@farthing/core/prices';
import { openOfflineDesk } from './alerts/index.js';
import { BudgetDesk } from './budgets/index.js';
import { openRequestCounter } from './count/index.js';
import type { CliContext } from './cli/context.js';
import { reportFailure } from './cli/output/exit-codes.js';
import { processOutput } from './cli/output/process-output.js';
import { createProgram, type GlobalOptions } from './cli/program.js';
import type { ReconcileContext } from './cli/reconcile/reconcile-context.js';
import type { RunContext } from './cli/run/run-context.js';
import type { UpCommandContext } from './cli/run/up.js';
import {
  loadConfig,
  nameInEntries,
  priceAs,
  priceSettings,
  type LoadedConfig,
} from './config/index.js';
import { claudeCodeDirectories, codexDirectories, importCalls, kindNames } from './ingest/index.js';
import { configProblems } from './processes/config-problems.js';
import { startControlPlaneProcess } from './processes/control-plane-process.js';
import { startDemo } from './processes/demo-process.js';
import { startGatewayProcess } from './processes/gateway-process.js';
import { dashboardDirectory, installedVersion } from './processes/install.js';
import { openLocalBooks } from './processes/local-books.js';
import { createLog } from './processes/log.js';
import { userName } from './processes/user-name.js';
import { startUp } from './processes/up-process.js';
import { LivePrices, PriceDesk, type PriceLog } from './prices/index.js';
import { createReconciler, fetchReport, readReportFiles } from './reconcile/index.js';
import { openTagPrivacy } from './privacy/tag-privacy.js';
import { openCorrections } from './reprice/index.js';
import type { Store } from './store/store.js';

const environment = process.env;
const interrupt = new AbortController();

/** The store lies in the data directory's folder `store`. Its driver is heavy and loaded when needed. */
async function openStore(dataDirectory: string): Promise<Store> {
  const { openDuckDbStore } = await import('./store/duckdb/index.js');
  return openDuckDbStore({ directory: join(dataDirectory, 'store') });
}

function createContext(
  options: () => GlobalOptions,
): CliContext & RunContext & UpCommandContext & ReconcileContext {
  let loaded: LoadedConfig | null = null;
  const load = (): LoadedConfig => {
    if (loaded !== null) return loaded;
    const { data, config: file } = options();
    const { config, file: found } = loadConfig(file, environment);
    loaded = { config: data === undefined ? config : { ...config, data }, file: found };
    return loaded;
  };
  const dataDirectory = () => resolve(load().config.data);
  const log = () => createLog(load().config.log.level);
  const openPrices = (watch: boolean, priceLog?: PriceLog) => (directory: string) =>
    LivePrices.open({
      dataDirectory: directory,
      settings: priceSettings(load().config, load().file),
      log: priceLog ?? (watch ? log() : createLog('error')),
      watch,
    });
  const version = installedVersion();
  const output = processOutput();
  return {
    version,
    get dataDirectory() {
      return dataDirectory();
    },
    get controlUrl() {
      return options().url ?? environment['FARTHING_URL'];
    },
    get token() {
      return environment['FARTHING_TOKEN'] ?? load().config.control.token;
    },
    output,
    hasData: () =>
      ['store', 'journals'].some((folder) => existsSync(join(dataDirectory(), folder))),
    configProblems: () => configProblems(load().config, environment),
    openBooks: () => openLocalBooks({ dataDirectory: dataDirectory(), openStore }),
    openCorrections: async ({ store, appendEntries, bookAll }) => {
      const prices = await openPrices(false)(dataDirectory());
      return openCorrections(
        {
          dataDirectory: dataDirectory(),
          store,
          priceAs: priceAs(load().config),
          appendEntries,
          bookAll,
          now: () => new Date(),
          signal: interrupt.signal,
        },
        prices.price.bind(prices),
      );
    },
    importCalls: async (request) => {
      const watch = request.watch === true;
      const privacy = openTagPrivacy(load().config.privacy, dataDirectory(), { watch });
      return importCalls(request, {
        priceBook: await openPrices(false)(dataDirectory()),
        protect: (tags) => privacy.protect(tags),
        protectReceived: (tags) => privacy.protectReceived(tags),
        async *readParquet(file) {
          const { readParquet } = await import('./store/duckdb/index.js');
          yield* readParquet(file);
        },
        now: () => new Date(),
      });
    },
    importKinds: kindNames,
    importDirectories: (kind) =>
      kind === 'claude-code'
        ? claudeCodeDirectories(environment)
        : kind === 'codex'
          ? codexDirectories(environment)
          : [],
    openPriceDesk: async () => {
      const { config, file } = load();
      return new PriceDesk({
        live: await openPrices(false, createLog('silent'))(dataDirectory()),
        dataDirectory: dataDirectory(),
        settings: priceSettings(config, file),
        configured: Object.keys(config.providers).map(nameInEntries),
        priceAs: priceAs(config),
        now: () => new Date(),
      });
    },
    openBudgets: async () => {
      const { config, file } = load();
      const live = await openPrices(false, createLog('silent'))(dataDirectory());
      const desk = new PriceDesk({
        live,
        dataDirectory: dataDirectory(),
        settings: priceSettings(config, file),
        configured: Object.keys(config.providers).map(nameInEntries),
        priceAs: priceAs(config),
        now: () => new Date(),
      });
      return new BudgetDesk({
        dataDirectory: dataDirectory(),
        config,
        tokenPrices: (question) => live.book.tokenPrices(question),
        providerOf: (model) => desk.providerOf(model),
        counter: openRequestCounter(config.providers, environment),
        now: () => new Date(),
      });
    },
    openAlerts: async (onProgress) =>
      openOfflineDesk({
        dataDirectory: dataDirectory(),
        settings: load().config.alerts,
        runGuard: load().config.run_guard,
        environment,
        withStore: async (work) => {
          const books = await openLocalBooks({ dataDirectory: dataDirectory(), openStore });
          try {
            await books.bookAll();
            return await work(books.store);
          } finally {
            await books.close();
          }
        },
        signal: interrupt.signal,
        ...(onProgress === undefined ? {} : { onProgress }),
        now: () => new Date(),
      }),
    get requiredTags() {
      return new TagPolicy(load().config.tags.require).tags;
    },
    get privacy() {
      return load().config.privacy;
    },
    get user() {
      return userName(environment);
    },
    get driftThreshold() {
      return load().config.drift.threshold;
    },
    writeParquet: async (request) => {
      const { writeParquet } = await import('./store/duckdb/index.js');
      await writeParquet(request);
    },
    providerReport: async (source) => {
      const priceBook = await openPrices(false)(dataDirectory());
      const now = new Date();
      if (source.usage.length + source.costs.length > 0) {
        return readReportFiles({ ...source, priceBook, now });
      }
      const baseUrl = source.baseUrl ?? load().config.reconcile[source.provider]?.base_url;
      return fetchReport({ ...source, baseUrl, priceBook, environment, signal: interrupt.signal });
    },
    reconcile: async (store, request) =>
      createReconciler({
        dataDirectory: dataDirectory(),
        store,
        priceBook: await openPrices(false)(dataDirectory()),
        settings: load().config.reconcile,
        environment,
      }).run(request),
    now: () => new Date(),
    setExitCode: (code) => (process.exitCode = code),
    signal: interrupt.signal,
    loadConfig: load,
    startGateway: (config) =>
      startGatewayProcess({ config, openPrices: openPrices(true), log: log(), version }),
    startControlPlane: (config) =>
      startControlPlaneProcess({
        config,
        openStore,
        openPrices: openPrices(true),
        priceSettings: priceSettings(config, load().file),
        dashboardDirectory: dashboardDirectory(),
        log: log(),
        version,
      }),
    startUp: ({ demo }) => {
      const { config, file } = load();
      if (!demo) return startUp({ config, configFile: file, log: log() });
      // The demo has a configuration of its own, and books at list prices.
      const book = defaultPriceBook();
      return startDemo({
        config,
        dataGiven: options().data !== undefined,
        price: (call) => book.price(call),
        tokenPrices: (question) => book.tokenPrices(question),
        log: log(),
        note: output.note,
      });
    },
  };
}

let options: GlobalOptions = {};
const context = createContext(() => options);
const program = createProgram(context);
program.hook('preAction', (_program, command) => {
  options = command.optsWithGlobals<GlobalOptions>();
});
process.once('SIGINT', () => interrupt.abort());
try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = reportFailure(error, context.output);
}
