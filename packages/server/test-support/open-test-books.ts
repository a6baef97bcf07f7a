import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CallRow, Entry, OwnPriceRequest } from '@farthing/core';
import {
  ControlPlaneMetrics,
  createControlPlaneApp,
  LiveEvents,
  type ControlPlaneDependencies,
} from '../src/api/index.js';
import { startLedger } from '../src/ledger/index.js';
import { configSchema, priceSettings } from '../src/config/index.js';
import { LivePrices, PriceDesk } from '../src/prices/index.js';
import { entryJournal } from '../src/processes/entry-journal.js';
import { forget } from '../src/privacy/index.js';
import { openCorrections } from '../src/reprice/index.js';
import { openDuckDbStore } from '../src/store/duckdb/index.js';

/** Real books in a directory of their own: journal, ledger, DuckDB, and the API over them. */
export async function openTestBooks(changes: Partial<ControlPlaneDependencies> = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'farthing-books-'));
  const dataDirectory = join(directory, 'data');
  const dashboardDirectory = join(directory, 'dashboard');
  mkdirSync(join(dashboardDirectory, 'assets'), { recursive: true });
  writeFileSync(
    join(dashboardDirectory, 'index.html'),
    '<!doctype html><script>theme()</script><script type="module" src="/assets/main-B7xq2LpQ.js"></script><p>Farthing',
  );
  writeFileSync(join(dashboardDirectory, 'assets', 'main-B7xq2LpQ.js'), 'start()');

  const store = await openDuckDbStore({ directory: join(dataDirectory, 'store') });
  const events = new LiveEvents({ batchMilliseconds: 20 });
  const metrics = new ControlPlaneMetrics();
  const ledger = startLedger({
    dataDirectory,
    store,
    gatherMilliseconds: 5,
    onBooked: (rows: CallRow[]) => {
      metrics.record(rows);
      events.publish(rows);
    },
  });
  const settings = priceSettings(configSchema.parse({}), null);
  const prices = await LivePrices.open({
    dataDirectory,
    settings,
    log: { info: () => {}, warn: () => {}, error: () => {} },
    watch: false,
  });
  const desk = new PriceDesk({
    live: prices,
    dataDirectory,
    settings,
    priceAs: (provider) => provider,
    now: () => new Date(),
  });
  const journal = entryJournal({ dataDirectory, name: 'test' });
  const corrections = openCorrections(
    {
      dataDirectory,
      store,
      priceAs: (provider) => provider,
      appendEntries: (entries) => journal.append(entries),
      bookAll: () => ledger.drain(),
      now: () => new Date(),
    },
    prices.price.bind(prices),
  );
  const app = createControlPlaneApp({
    store,
    ledger,
    events,
    metrics,
    appendEntries: (entries) => journal.append(entries),
    corrections,
    forget: (request) =>
      forget(request, {
        dataDirectory,
        store,
        bookAll: () => ledger.drain(),
        now: () => new Date(),
      }),
    version: '1.2.3',
    dataDirectory,
    dashboardDirectory,
    prices: {
      book: () => desk.book,
      status: () => desk.status(),
      show: (asked) => desk.show(asked),
      set: (request) => desk.set(request),
      missing: (window) => desk.missing(store, window),
    },
    ...changes,
  });
  return {
    app,
    dataDirectory,
    events,
    ledger,
    store,
    corrections,
    append: (entries: Entry[]) => journal.append(entries),
    price: prices.price.bind(prices),
    /** Sets a price as `farthing prices set` does, at once in force. */
    setPrice: (request: OwnPriceRequest) => desk.set(request),
    request: (path: string, init?: RequestInit) =>
      app.request(`http://localhost:4142${path}`, init),
    async json(path: string, init?: RequestInit) {
      const response = await app.request(`http://localhost:4142${path}`, init);
      // eslint-disable-next-line typescript/no-explicit-any -- what a test expects of it is its type
      const body = (await response.json()) as Record<string, any>;
      return { status: response.status, body };
    },
    post(path: string, body: unknown) {
      return this.json(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    },
    /** Journals entries and waits until they are booked. */
    async book(entries: Entry[]) {
      await journal.append(entries);
      await ledger.drain();
    },
    async close() {
      events.close();
      await journal.close();
      await ledger.stop();
      await store.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

export type TestBooks = Awaited<ReturnType<typeof openTestBooks>>;
