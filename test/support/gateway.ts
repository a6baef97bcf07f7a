import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TagPolicy, type Entry, type JournalLine, type OpenedLine } from '@farthing/core';
import { defaultPriceBook } from '@farthing/core/prices';
import {
  openAdmissions,
  type OpenedAdmissions,
} from '../../packages/server/src/budgets/open-admissions.js';
import { configSchema } from '../../packages/server/src/config/index.js';
import {
  createGateway,
  estimatesOnly,
  interruptedEntries,
  resolveProviders,
} from '../../packages/server/src/gateway/index.js';
import { listSegments, openJournal, segmentPath } from '@farthing/journal';
import {
  startFakeProvider,
  type FakeProvider,
  type FakeProviderOptions,
} from '../../packages/server/src/fake-provider/index.js';

export interface GatewayUnderTest {
  url: string;
  provider: FakeProvider;
  dataDirectory: string;
  /** Entries in the journal, once as many calls are closed as were opened. */
  entries(): Promise<Entry[]>;
  /** The one entry of the call that this answer belongs to. */
  entryOf(response: { headers: Headers }): Promise<Entry>;
  opened(): Promise<OpenedLine[]>;
  /** How budgets stand. */
  budgets(): ReturnType<OpenedAdmissions['statuses']>;
  /** Stops the gateway in order, as SIGTERM does. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

const quiet = { info: () => {}, warn: () => {}, error: () => {} };

/** A gateway with a real journal in front of a fake provider, both on loopback, both in this process. */
export async function startGatewayUnderTest(
  settings: {
    gateway?: object;
    environment?: Record<string, string>;
    tags?: object;
    providers?: Record<string, object>;
    /** How the fake provider is started, e.g. with a clock of its own. */
    provider?: FakeProviderOptions;
    /** As in farthing.yaml. Without any, estimates alone are made. */
    budgets?: object[];
  } = {},
): Promise<GatewayUnderTest> {
  const provider = await startFakeProvider({ seed: 'gateway', ...settings.provider });
  const dataDirectory = await mkdtemp(join(tmpdir(), 'farthing-gateway-'));
  const base_url = provider.url;
  const config = configSchema.parse({
    data: dataDirectory,
    gateway: { port: 0, ...settings.gateway },
    tags: settings.tags ?? {},
    budgets: settings.budgets ?? [],
    providers: {
      openai: { base_url, api: 'openai' },
      anthropic: { base_url, api: 'anthropic' },
      gemini: { base_url, api: 'gemini' },
      compatible: { base_url: `${base_url}/v1`, api: 'openai', price_as: 'openai' },
      cohere: { base_url, api: 'openai' },
      nowhere: { base_url: 'http://127.0.0.1:1', api: 'openai' },
      ...settings.providers,
    },
  });
  const book = defaultPriceBook();
  const price = book.price.bind(book);
  const providers = resolveProviders(config.providers, settings.environment ?? {});
  const journal = await openJournal({
    dataDirectory,
    name: 'gateway',
    interrupted: interruptedEntries(price, providers),
  });
  const admissions =
    settings.budgets === undefined
      ? null
      : await openAdmissions({
          dataDirectory,
          config,
          tokenPrices: (question) => book.tokenPrices(question),
          journal: journal.journal,
          log: quiet,
        });
  const gateway = createGateway({
    settings: config.gateway,
    providers,
    journal: journal.journal,
    price,
    admissions: admissions ?? estimatesOnly((question) => book.tokenPrices(question)),
    tagPolicy: new TagPolicy(config.tags.require),
    protectTags: (tags) => {
      if (tags.user !== undefined) tags.user = `pseudonym-of-${tags.user}`;
    },
    defaultTags: config.tags.defaults,
    version: 'test',
  });
  const { url } = await gateway.listen();

  const lines = async (): Promise<JournalLine[]> => {
    const directory = join(dataDirectory, 'journals', 'gateway');
    const texts = (await listSegments(directory)).map((segment) =>
      readFile(segmentPath(directory, segment), 'utf8'),
    );
    return (await Promise.all(texts))
      .flatMap((text) => text.trimEnd().split('\n'))
      .map((line) => JSON.parse(line) as JournalLine);
  };
  const entries = async (): Promise<Entry[]> => {
    for (let attempt = 0; ; attempt++) {
      const all = await lines();
      const openedCount = all.filter((line) => line.type === 'opened').length;
      const closed = all.flatMap((line) => (line.type === 'closed' ? [line.entry] : []));
      if (closed.length >= openedCount && journal.journal.backlog === 0) return closed;
      if (attempt > 200) throw new Error(`${openedCount - closed.length} calls were never closed`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  return {
    url,
    provider,
    dataDirectory,
    entries,
    async entryOf(response) {
      const id = response.headers.get('x-farthing-call-id');
      const found = (await entries()).filter((entry) => entry.id === id);
      if (found.length !== 1) throw new Error(`${found.length} entries for call ${id}`);
      return found[0]!;
    },
    opened: async () => (await lines()).flatMap((line) => (line.type === 'opened' ? [line] : [])),
    budgets: () => admissions?.statuses() ?? [],
    stop: () => gateway.close(),
    async close() {
      await gateway.close(1_000).catch(() => {});
      await admissions?.close();
      await journal.close();
      await provider.close();
      await rm(dataDirectory, { recursive: true, maxRetries: 20, retryDelay: 100 });
    },
  };
}
