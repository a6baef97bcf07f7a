import { setTimeout as sleep } from 'node:timers/promises';
import { FarthingError, TagPolicy } from '@farthing/core';
import type { Logger } from 'pino';
import { budgetFiles } from '../budgets/budget-files.js';
import { openAdmissions } from '../budgets/open-admissions.js';
import { isLoopback, type Config } from '../config/index.js';
import { removeControlFile, writeControlFile } from '../control/control-file.js';
import {
  createGateway,
  interruptedEntries,
  openRunWatch,
  PromptAuditor,
  PromptPrefixer,
  resolveProviders,
} from '../gateway/index.js';
import { adoptAbandonedJournals, openJournal, type OpenedJournal } from '@farthing/journal';
import { registerPriceMetrics, type LivePrices } from '../prices/index.js';
import { loadSecret } from '../privacy/secret.js';
import { openTagPrivacy } from '../privacy/tag-privacy.js';
import { registerBudgetMetrics } from './budget-metrics.js';
import { openDataDirectory } from './data-directory.js';
import type { Running } from './running.js';

export interface GatewayProcessOptions {
  config: Config;
  /** Opens the price book, which stays current while the process runs. */
  openPrices: (dataDirectory: string) => Promise<LivePrices>;
  log: Logger;
  version: string;
  environment?: Record<string, string | undefined>;
}

/** Starts the data plane: journal, providers and the gateway in front of them. */
export async function startGatewayProcess(options: GatewayProcessOptions): Promise<Running> {
  const { config, log, version } = options;
  const dataDirectory = openDataDirectory(config.data);
  refuseLoop(config);
  const prices = await options.openPrices(dataDirectory);
  const price = prices.price.bind(prices);
  const providers = resolveProviders(config.providers, options.environment ?? process.env);
  const interrupted = interruptedEntries(price, providers);
  const opened = await openJournal({
    dataDirectory,
    name: 'gateway',
    interrupted,
    flushMilliseconds: config.journal.flush_ms,
    segmentBytes: config.journal.segment_bytes,
    onFailure: (error) =>
      log.error(
        { journal: 'gateway', policy: config.gateway.on_full_disk, reason: error.message },
        'the journal cannot be written',
      ),
  });
  if (opened.recoveredCalls > 0 || opened.unreadableLines > 0) {
    log.warn(
      { calls: opened.recoveredCalls, unreadable_lines: opened.unreadableLines },
      'the last gateway did not stop in order: its open calls are booked as interrupted',
    );
  }
  // Journals under other names, of gateways that ran beside this one and died.
  await adoptAbandonedJournals(dataDirectory, interrupted);
  await allWritten(opened.journal);
  const admissions = await openAdmissions({
    dataDirectory,
    config,
    tokenPrices: (question) => prices.tokenPrices(question),
    journal: opened.journal,
    log,
  });
  const runs = openRunWatch({
    settings: config.run_guard,
    secret: loadSecret(dataDirectory),
    path: budgetFiles(dataDirectory).runs(opened.journal.name),
    stop(order) {
      log.warn(order, 'a run was stopped: it goes on as others do not');
      admissions.stopRun(order);
    },
    onProblem: (error) => log.error({ reason: error.message }, 'what runs are like was not kept'),
  });
  if (runs !== null) admissions.onRelease((run) => runs.watch.released(run));
  const privacy = openTagPrivacy(config.privacy, dataDirectory, { watch: true });
  const gateway = createGateway({
    settings: config.gateway,
    providers,
    journal: opened.journal,
    price,
    admissions,
    namesKeys: () => config.tags.require.length > 0 || admissions.goesByKeys(),
    tagPolicy: new TagPolicy(config.tags.require),
    protectTags: (tags) => privacy.protect(tags),
    defaultTags: config.tags.defaults,
    prompts: config.audit.prompts ? new PromptAuditor(config.audit.context_elements) : null,
    prefixes: config.audit.prefixes ? new PromptPrefixer(loadSecret(dataDirectory)) : null,
    runs: runs?.watch ?? null,
    version,
    registerMetrics: (registry) => {
      registerPriceMetrics(registry, () => prices.status());
      registerBudgetMetrics(registry, admissions);
    },
  });
  try {
    const { url } = await gateway.listen();
    log.info({ url, journal: opened.journal.name }, 'gateway listening');
    const started_at = new Date().toISOString();
    writeControlFile(dataDirectory, { pid: process.pid, url, version, started_at }, 'gateway');
    return {
      url,
      async stop() {
        await gateway.close();
        // What is still to be journalled goes first: balances are written with their place in it.
        await runs?.close();
        await admissions.close();
        await opened.close();
        privacy.close();
        prices.close();
        removeControlFile(dataDirectory, 'gateway');
      },
    };
  } catch (error) {
    await runs?.close();
    await admissions.close();
    await opened.close();
    privacy.close();
    throw error;
  }
}

/** Balances are counted from the journals: the calls that were just recovered must stand in them. */
async function allWritten(journal: OpenedJournal['journal']): Promise<void> {
  while (journal.backlog > 0 && journal.failure === null) await sleep(1);
}

/** A provider that is this gateway itself would make one call into endless ones. */
function refuseLoop({ gateway, providers }: Config): void {
  for (const [name, { base_url }] of Object.entries(providers)) {
    const { hostname, port } = new URL(base_url);
    const host = hostname.replace(/^\[|\]$/g, '');
    const isOwnHost = host === gateway.host || (isLoopback(host) && isLoopback(gateway.host));
    if (!isOwnHost || Number(port) !== gateway.port) continue;
    throw new FarthingError(
      'config_invalid',
      `\`providers.${name}.base_url\` (${base_url}) is this gateway itself. Name the provider's own address.`,
    );
  }
}
