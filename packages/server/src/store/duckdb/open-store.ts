import { mkdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBValue } from '@duckdb/node-api';
import {
  FarthingError,
  type CallRow,
  type PrefixedCall,
  type PrefixSearch,
  type Query,
  type QueryResult,
  type Window,
} from '@farthing/core';
import type {
  BookingBatch,
  BookingResult,
  CallSearch,
  JournalPosition,
  RecordedRow,
  SourcedRow,
  Store,
  StoreSummary,
} from '../store.js';
import { book } from './booking.js';
import { Compaction } from './compaction.js';
import type { Database } from './database.js';
import { readPositions } from './journals.js';
import { openMigrated } from './migrations.js';
import { planOnePass } from './one-pass.js';
import { adjustedInScope, planQuery, type QueryPlan } from './plan-query.js';
import { findPrefixes } from './prompt-prefixes.js';
import { findAdjustments, findCall, locateCalls } from './look-up.js';
import { sumRecorded } from './recorded.js';
import { replaceTag } from './replace-tag.js';
import { findTagKeys, searchCalls } from './search-calls.js';
import { isoTime } from './time.js';

export interface DuckDbStoreOptions {
  /** The data directory; created when missing. The database is the file `farthing.duckdb` in it. */
  directory: string;
  /** Opens without the right to write, also where the directory does not allow it. Default false. */
  readOnly?: boolean;
  /** Most memory that the database takes, e.g. `512MB`; what needs more spills to disk. Default 1GB. */
  memoryLimit?: string;
  /** Threads that one query may use. Default 2. */
  threads?: number;
  /**
   * Size of the write-ahead log at which it is folded into the main file. A larger one is folded
   * less often and takes longer to replay after a crash: 64MB, the default, about a second.
   */
  checkpointThreshold?: string;
}

/**
 * Opens the embedded store. Throws `store_locked` (another process has it), `store_too_new`,
 * `store_damaged`, `store_not_writable`, and for read-only openings `store_missing`, `store_too_old`.
 */
export async function openDuckDbStore(options: DuckDbStoreOptions): Promise<Store> {
  const readOnly = options.readOnly ?? false;
  const directory = await readyDirectory(options.directory, readOnly);
  const database = await openMigrated({
    path: join(directory, 'farthing.duckdb'),
    readOnly,
    memoryLimit: options.memoryLimit ?? '1GB',
    threads: options.threads ?? 2,
    checkpointThreshold: options.checkpointThreshold ?? '64MB',
  });
  return new DuckDbStore(database, readOnly);
}

class DuckDbStore implements Store {
  readonly #database: Database;
  readonly #readOnly: boolean;
  readonly #compaction: Compaction;

  constructor(database: Database, readOnly: boolean) {
    this.#database = database;
    this.#readOnly = readOnly;
    this.#compaction = new Compaction(database);
  }

  positions(): Promise<JournalPosition[]> {
    return readPositions(this.#database);
  }

  async book(batch: BookingBatch): Promise<BookingResult> {
    const result = await book(this.#database, this.#compaction, batch);
    this.#compaction.runIfDue();
    return result;
  }

  async query(query: Query): Promise<QueryResult> {
    const question = adjustedInScope(query);
    const adjusted =
      question !== null && (await this.#database.read(question.sql, question.values)).length > 0;
    const plan = planQuery(query, { adjusted });
    return resultOf(plan, await this.#database.read(plan.sql, plan.values));
  }

  async queryAll(queries: readonly Query[]): Promise<QueryResult[]> {
    const pass = planOnePass(queries);
    if (pass === null) return Promise.all(queries.map((query) => this.query(query)));
    const others = queries.filter((_, place) => !pass.places.includes(place));
    const [shared, rest] = await Promise.all([
      this.#database.readTogether([...pass.tables, ...pass.answers]),
      this.queryAll(others),
    ]);
    const answers = shared.slice(pass.tables.length);
    return queries.map((query, place) => {
      const index = pass.places.indexOf(place);
      return index === -1 ? rest.shift()! : resultOf(planQuery(query), answers[index]!);
    });
  }

  prefixes(search: PrefixSearch): Promise<PrefixedCall[]> {
    return findPrefixes(this.#database, search);
  }

  calls(search: CallSearch): Promise<CallRow[]> {
    return searchCalls(this.#database, search);
  }

  call(id: string): Promise<SourcedRow | null> {
    return findCall(this.#database, id);
  }

  locate(ids: string[], window?: Window): Promise<Map<string, JournalPosition>> {
    return locateCalls(this.#database, ids, window);
  }

  adjustments(ids: string[], window?: Window): Promise<Map<string, SourcedRow[]>> {
    return findAdjustments(this.#database, ids, window);
  }

  recorded(window: Window, span: { after: string; until: string }): Promise<RecordedRow[]> {
    return sumRecorded(this.#database, window, span);
  }

  tagKeys(window?: Window): Promise<string[]> {
    return findTagKeys(this.#database, window);
  }

  replaceTag(name: string, from: readonly string[], to: string | null): Promise<number> {
    return replaceTag(this.#database, name, from, to);
  }

  async summary(): Promise<StoreSummary> {
    const { path } = this.#database;
    const [row] = await this.#database.read(
      'SELECT count(*), min(started_at), max(started_at) FROM calls',
    );
    const [entries, first, last] = row!;
    return {
      driver: 'duckdb',
      path,
      bytes: (await fileBytes(path)) + (await fileBytes(`${path}.wal`)),
      entries: Number(entries),
      first_call_at: first == null ? null : isoTime(first),
      last_call_at: last == null ? null : isoTime(last),
    };
  }

  async close(): Promise<void> {
    if (!this.#readOnly) await this.#compaction.finish();
    await this.#database.close();
  }
}

function resultOf({ limit, decode, from }: QueryPlan, rows: DuckDBValue[][]): QueryResult {
  return { rows: rows.slice(0, limit).map(decode), truncated: rows.length > limit, from };
}

/** The real path, so that one directory under two names is seen to be one. */
async function readyDirectory(directory: string, readOnly: boolean): Promise<string> {
  try {
    if (!readOnly) await mkdir(directory, { recursive: true, mode: 0o700 });
    return await realpath(directory);
  } catch (error) {
    const code = readOnly ? 'store_missing' : 'store_not_writable';
    throw new FarthingError(
      code,
      `Cannot use the data directory ${directory}: ${(error as Error).message}. Choose another with --data or \`data:\` in farthing.yaml.`,
      { cause: error },
    );
  }
}

async function fileBytes(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch {
    return 0;
  }
}
