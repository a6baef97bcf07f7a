import type { Entry } from '@farthing/core';
import type { Logger } from 'pino';
import { createOtlpApp, serveControlPlane } from '../api/index.js';
import { durationOf, priceAs, type Config } from '../config/index.js';
import { openTelemetryIngest, type TelemetryIngest } from '../ingest/otlp/index.js';
import { openTagPrivacy } from '../privacy/tag-privacy.js';
import type { Price } from '../reprice/index.js';
import type { Store } from '../store/store.js';
import { entryJournal } from './entry-journal.js';

export interface TelemetryParts {
  config: Config;
  dataDirectory: string;
  store: Store;
  price: Price;
  /** Resolves when all that the journals hold is booked. */
  bookAll: () => Promise<void>;
  log: Logger;
}

export interface Telemetry {
  ingest: TelemetryIngest;
  /** Puts OTLP on its own port, where one is configured. */
  listen(): Promise<void>;
  /** Ends that port. */
  stopListening(): Promise<void>;
  /** Books what waits, and closes the journal. */
  close(): Promise<void>;
}

/** The ingestion of OpenTelemetry traces: its journal, its privacy and its listener. */
export async function openTelemetry(parts: TelemetryParts): Promise<Telemetry> {
  const { config, dataDirectory, store, price, bookAll, log } = parts;
  const privacy = openTagPrivacy(config.privacy, dataDirectory, { watch: true });
  const journal = entryJournal({
    dataDirectory,
    name: 'otlp',
    segmentBytes: config.journal.segment_bytes,
  });
  const ingest = await openTelemetryIngest({
    dataDirectory,
    store,
    price,
    priceAs: priceAs(config),
    defaults: config.tags.defaults,
    protect: (tags) => privacy.protect(tags),
    append: (entries: Entry[]) => journal.append(entries),
    bookAll,
    holdMilliseconds: durationOf(config.otlp.hold),
    holdSummariesMilliseconds: durationOf(config.otlp.hold_summaries),
    log: {
      info: (text) => log.info(text),
      warn: (facts, text) => log.warn(facts, text),
    },
  });
  let served: { close(): Promise<void> } | null = null;
  return {
    ingest,
    async listen() {
      const { host, port, token = config.control.token } = config.otlp;
      if (port === undefined) return;
      const app = createOtlpApp({
        telemetry: ingest,
        ...(token === undefined ? {} : { token }),
        onError: (error, request) =>
          log.error({ ...request, reason: error.message }, 'a request failed'),
      });
      const listening = await serveControlPlane(app, { host, port }, 'otlp');
      served = listening;
      log.info({ url: listening.url }, 'OTLP listening');
    },
    stopListening: async () => served?.close(),
    async close() {
      await ingest.close();
      await journal.close();
      privacy.close();
    },
  };
}
