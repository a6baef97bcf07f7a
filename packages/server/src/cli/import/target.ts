import { join } from 'node:path';
import type { Entry, Query, QueryResult } from '@farthing/core';
import type { CliContext, ImportCoverage, LocalBooks } from '../context.js';
import { findBookedCall, readBookedEntries, type BookedCall } from '../../ledger/index.js';
import { findControlPlane, type ControlPlane } from '../books/control-plane.js';
import { remoteEntries } from '../export/exported-entries.js';

/** Where imported entries go, and what can be asked of the books there. */
export interface ImportTarget {
  deliver(entries: Entry[]): Promise<{ accepted: number; already_booked: number }>;
  has(id: string): Promise<boolean>;
  coverage(): Promise<ImportCoverage>;
  /** Everything that is booked and retained. */
  entries(): AsyncIterable<Entry>;
  /** A call and what was adjusted since; null when it is not booked or no longer retained. */
  find(id: string): Promise<BookedCall | null>;
  /** Where an import notes how far it came, and which books that is true of; null in a dry run. */
  checkpoints: { directory: string; books: string } | null;
  finish(): Promise<void>;
  close(): Promise<void>;
}

/** Characters of one request; the control plane takes 10 MB, and a character is at most 3 bytes. */
const largestBody = 3 * 1024 * 1024;

/** The running control plane, or the books opened here. */
export async function openImportTarget(
  context: CliContext,
  { dryRun, watch }: { dryRun: boolean; watch: boolean },
): Promise<ImportTarget> {
  const directory = join(context.dataDirectory, 'imports');
  const control = await findControlPlane(context);
  if (control !== null) {
    context.output.note(`Importing through the control plane at ${control.url}.`);
    return remoteTarget(control, dryRun, { directory, books: control.url });
  }
  context.output.note(
    `No control plane runs for ${context.dataDirectory}: importing into its store directly.`,
  );
  if (watch && !dryRun) {
    context.output.note('Nothing else can open these books while this watches.');
  }
  // A dry run in an empty directory must leave it empty.
  if (dryRun && !context.hasData()) return emptyTarget();
  const books = await context.openBooks();
  try {
    // What is journalled but not booked yet would otherwise look new and be journalled again.
    await books.bookAll();
  } catch (error) {
    await books.close();
    throw error;
  }
  return localTarget(books, dryRun, context.dataDirectory, { directory, books: 'local' });
}

function remoteTarget(
  control: ControlPlane,
  dryRun: boolean,
  checkpoints: ImportTarget['checkpoints'],
): ImportTarget {
  return {
    async deliver(entries) {
      const sums = { accepted: 0, already_booked: 0 };
      for (const body of bodies(entries)) {
        const path = `/api/v1/entries${dryRun ? '?dry_run=true' : ''}`;
        const answer = await control.post(path, body, 'application/x-ndjson');
        const { accepted, already_booked: already } = answer as typeof sums;
        sums.accepted += accepted;
        sums.already_booked += already;
      }
      return sums;
    },
    has: (id) =>
      control.get(`/api/v1/calls/${id}`).then(
        () => true,
        () => false,
      ),
    coverage: () =>
      readCoverage(
        async (query) =>
          (await control.post('/api/v1/query', JSON.stringify(query))) as QueryResult,
      ),
    entries: () => remoteEntries(control),
    find: async (id) => {
      const detail = (await control.get(`/api/v1/calls/${id}`)) as CallDetail;
      const adjustments = detail.adjustments.flatMap(({ entry }) => entry ?? []);
      const isWhole = adjustments.length === detail.adjustments.length;
      return detail.entry === null || !isWhole ? null : { call: detail.entry, adjustments };
    },
    checkpoints: dryRun ? null : checkpoints,
    finish: async () => {},
    close: async () => {},
  };
}

/** What `GET /api/v1/calls/{id}` tells, as far as it is read here. */
interface CallDetail {
  entry: Entry | null;
  adjustments: { entry: Entry | null }[];
}

/** JSON lines, in pieces that the control plane takes. */
function* bodies(entries: readonly Entry[]): Generator<string> {
  let body = '';
  for (const entry of entries) {
    const line = `${JSON.stringify(entry)}\n`;
    if (body !== '' && body.length + line.length > largestBody) {
      yield body;
      body = '';
    }
    body += line;
  }
  if (body !== '') yield body;
}

function localTarget(
  books: LocalBooks,
  dryRun: boolean,
  dataDirectory: string,
  checkpoints: ImportTarget['checkpoints'],
): ImportTarget {
  return {
    async deliver(entries) {
      const booked = await books.store.locate(entries.map((entry) => entry.id));
      const fresh = entries.filter((entry) => !booked.has(entry.id));
      if (!dryRun && fresh.length > 0) await books.appendEntries(fresh);
      return { accepted: fresh.length, already_booked: entries.length - fresh.length };
    },
    has: async (id) => (await books.store.locate([id])).has(id),
    coverage: () => readCoverage((query) => books.store.query(query)),
    entries: () => readBookedEntries(dataDirectory, books.store),
    find: (id) => findBookedCall(dataDirectory, books.store, id),
    checkpoints: dryRun ? null : checkpoints,
    finish: () => (dryRun ? Promise.resolve() : books.bookAll()),
    close: () => books.close(),
  };
}

function emptyTarget(): ImportTarget {
  return {
    deliver: async (entries) => ({ accepted: entries.length, already_booked: 0 }),
    has: async () => false,
    coverage: async () => ({ calls: new Set(), reports: new Set() }),
    entries: async function* () {
      yield* [];
    },
    find: async () => null,
    checkpoints: null,
    finish: async () => {},
    close: async () => {},
  };
}

const allTime = { from: '2000-01-01T00:00:00.000Z', to: '2200-01-01T00:00:00.000Z' };

/** The days of each provider that the books have, as calls and as a provider's own sums. */
async function readCoverage(ask: (query: Query) => Promise<QueryResult>): Promise<ImportCoverage> {
  const days = async (op: 'in' | 'not_in') => {
    const { rows } = await ask({
      measures: ['calls'],
      dimensions: ['provider'],
      filters: [{ dimension: 'tag:aggregate', op, values: ['usage-report'] }],
      window: allTime,
      bucket: 'day',
      limit: 100_000,
    });
    return new Set(
      rows.map((row) => `${String(row['provider'])} ${String(row['bucket']).slice(0, 10)}`),
    );
  };
  const reports = await days('in');
  return { reports, calls: await days('not_in') };
}
