import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultPriceBook } from '../../core/src/pricing/snapshot/index.js';
import type { Entry } from '@farthing/core';
import { importCalls, type ImportCallsRequest } from '../src/ingest/index.js';

const priceBook = defaultPriceBook();

export function newDirectory(): string {
  return mkdtempSync(join(tmpdir(), 'farthing-import-'));
}

/** Books that remember ids, as the store does, and an import into them. */
export class ImportBooks {
  readonly entries = new Map<string, Entry>();
  now = new Date('2026-09-01T00:00:00Z');

  readonly deliver = async (entries: Entry[]) => {
    let accepted = 0;
    for (const entry of entries) {
      if (this.entries.has(entry.id)) continue;
      this.entries.set(entry.id, entry);
      accepted++;
    }
    return { accepted, already_booked: entries.length - accepted };
  };

  import(paths: string[], changes: Partial<ImportCallsRequest> = {}) {
    return importCalls(
      {
        paths,
        tags: {},
        dryRun: false,
        deliver: this.deliver,
        has: async (id) => this.entries.has(id),
        ...changes,
      },
      {
        priceBook,
        protect: (tags) => {
          if (tags.user !== undefined) tags.user = `u_${tags.user.length}`;
        },
        protectReceived: (tags) => {
          if (tags.user?.startsWith('u_') === false) tags.user = `u_${tags.user.length}`;
        },
        now: () => this.now,
      },
    );
  }

  /** What is in the books, by id, in an order of its own. */
  get all(): Entry[] {
    return [...this.entries.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  }
}
