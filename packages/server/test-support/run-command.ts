import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { defaultPriceBook } from '../../core/src/pricing/snapshot/index.js';
import { openOfflineDesk } from '../src/alerts/index.js';
import { BudgetDesk } from '../src/budgets/index.js';
import type { CliContext } from '../src/cli/context.js';
import { reportFailure } from '../src/cli/output/exit-codes.js';
import { configSchema, priceSettings } from '../src/config/index.js';
import { importCalls, kindNames } from '../src/ingest/index.js';
import { LivePrices, PriceDesk } from '../src/prices/index.js';
import { configProblems } from '../src/processes/config-problems.js';
import { openLocalBooks } from '../src/processes/local-books.js';
import { openCorrections } from '../src/reprice/index.js';
import { openDuckDbStore, readParquet } from '../src/store/duckdb/index.js';

let priceBook: ReturnType<typeof defaultPriceBook> | null = null;

/** Runs a command as main.ts would, over real books, with its output captured. */
export async function runCommand(
  build: (context: CliContext) => Command,
  argumentsText: string | string[],
  changes: Partial<CliContext> & { dataDirectory: string },
) {
  let stdout = '';
  let stderr = '';
  let exitCode = 0;
  const { dataDirectory } = changes;
  const output = {
    write: (text: string) => void (stdout += text),
    note: (line: string) => void (stderr += `${line}\n`),
    progress: (line: string) => void (stderr += `\r${line}`),
    tty: false,
    columns: 100,
    color: false,
  };
  const context: CliContext = {
    version: '1.2.3',
    output,
    hasData: () => ['store', 'journals'].some((folder) => existsSync(join(dataDirectory, folder))),
    configProblems: () => configProblems(configSchema.parse({}), {}),
    openBooks: () =>
      openLocalBooks({
        dataDirectory,
        openStore: (directory) => openDuckDbStore({ directory: join(directory, 'store') }),
      }),
    openCorrections: async ({ store, appendEntries, bookAll }) => {
      priceBook ??= defaultPriceBook();
      return openCorrections(
        {
          dataDirectory,
          store,
          priceAs: (provider) => provider,
          appendEntries,
          bookAll,
          now: context.now,
        },
        priceBook.price.bind(priceBook),
      );
    },
    importCalls: (request) =>
      importCalls(request, {
        priceBook: (priceBook ??= defaultPriceBook()),
        protect: (tags) => {
          if (tags.user !== undefined)
            tags.user = `u_${Buffer.from(tags.user).toString('hex').slice(0, 20)}`;
        },
        readParquet,
        now: context.now,
      }),
    importKinds: kindNames,
    importDirectories: () => [],
    openPriceDesk: async () => {
      const settings = priceSettings(configSchema.parse({}), null);
      const log = { info: () => {}, warn: () => {}, error: () => {} };
      return new PriceDesk({
        live: await LivePrices.open({ dataDirectory, settings, log, watch: false }),
        dataDirectory,
        settings,
        priceAs: (provider) => provider,
        now: context.now,
      });
    },
    openBudgets: async () => {
      const book = (priceBook ??= defaultPriceBook());
      return new BudgetDesk({
        dataDirectory,
        config: configSchema.parse({}),
        tokenPrices: (question) => book.tokenPrices(question),
        providerOf: (model) =>
          ['openai', 'anthropic', 'google'].find((provider) => book.knows(provider, model)) ?? null,
        now: context.now,
      });
    },
    openAlerts: async () =>
      openOfflineDesk({
        dataDirectory,
        settings: configSchema.parse({}).alerts,
        runGuard: configSchema.parse({}).run_guard,
        environment: {},
        withStore: async (work) => {
          const books = await context.openBooks();
          try {
            await books.bookAll();
            return await work(books.store);
          } finally {
            await books.close();
          }
        },
        signal: context.signal,
        now: context.now,
      }),
    requiredTags: [],
    privacy: { users: 'pseudonym' },
    user: 'ada',
    now: () => new Date('2026-03-02T00:00:00.000Z'),
    setExitCode: (code) => void (exitCode = code),
    signal: new AbortController().signal,
    ...changes,
  };
  const command = build(context).exitOverride();
  command.configureOutput({
    writeOut: (text) => void (stdout += text),
    writeErr: (text) => void (stderr += text),
  });
  try {
    const words = typeof argumentsText === 'string' ? argumentsText.split(' ') : argumentsText;
    await command.parseAsync(
      words.filter((word) => word !== ''),
      { from: 'user' },
    );
  } catch (error) {
    exitCode = reportFailure(error, context.output);
  }
  return { stdout, stderr, exitCode };
}
