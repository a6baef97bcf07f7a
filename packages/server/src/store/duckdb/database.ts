import {
  DuckDBInstance,
  type DuckDBConnection,
  type DuckDBPreparedStatement,
  type DuckDBValue,
} from '@duckdb/node-api';
import { FarthingError } from '@farthing/core';
import { explainDuckDbError, needsReopening } from './errors.js';

export interface DatabaseOptions {
  path: string;
  readOnly: boolean;
  /** How much memory the database may use, as DuckDB writes it (`1GB`); beyond it spills to disk. */
  memoryLimit: string;
  threads: number;
  /** Size of the write-ahead log at which it is folded into the main file, e.g. `64MB`. */
  checkpointThreshold: string;
}

export interface Transaction {
  connection: DuckDBConnection;
  rows: (sql: string, values?: readonly DuckDBValue[]) => Promise<DuckDBValue[][]>;
  /** For long statements that every booking repeats: planned once, which takes a third of their time. */
  repeated: (sql: string) => Promise<DuckDBValue[][]>;
}

/**
 * Each query in flight holds a thread of libuv's pool of four, which file reads need too: with one
 * writer and two readers, one is always left.
 */
const readers = 2;

/** Files that this process has open. File locks do not keep a process from itself. */
const openHere = new Set<string>();

/** One DuckDB file: a connection that writes, and a few that answer questions meanwhile. */
export class Database {
  readonly path: string;
  readonly #options: DatabaseOptions;
  #instance: Promise<Connections> | null;
  #reading = 0;
  #waiting: (() => void)[] = [];
  #lastWrite: Promise<unknown> = Promise.resolve();
  #closed = false;

  private constructor(options: DatabaseOptions, connections: Connections) {
    this.path = options.path;
    this.#options = options;
    this.#instance = Promise.resolve(connections);
  }

  /** Throws `store_locked`, `store_too_new`, `store_damaged` or `store_not_writable`. */
  static async open(options: DatabaseOptions): Promise<Database> {
    if (openHere.has(options.path)) {
      throw new FarthingError(
        'store_locked',
        `${options.path} is already open in this process (${process.pid}). Share that store instead of opening it twice.`,
      );
    }
    openHere.add(options.path);
    try {
      return new Database(options, await connect(options));
    } catch (error) {
      openHere.delete(options.path);
      throw explainDuckDbError(error, options.path);
    }
  }

  /** Rows of a query; each is an array of values in the order of the columns. */
  read(sql: string, values: readonly DuckDBValue[] = []): Promise<DuckDBValue[][]> {
    return this.#withReader((connection) => rows(connection, sql, values));
  }

  /**
   * Rows of statements that are run in turn and see the same state of the database. Temporary tables that
   * they make are theirs alone and gone afterwards.
   */
  readTogether(
    statements: readonly { sql: string; values: readonly DuckDBValue[] }[],
  ): Promise<DuckDBValue[][][]> {
    return this.#withReader(async (connection) => {
      await connection.run('BEGIN TRANSACTION');
      try {
        const results: DuckDBValue[][][] = [];
        for (const { sql, values } of statements) results.push(await rows(connection, sql, values));
        return results;
      } finally {
        await connection.run('ROLLBACK');
      }
    });
  }

  async #withReader<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    if (this.#closed) throw this.#closedError();
    if (this.#reading >= readers) {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    } else {
      this.#reading += 1;
    }
    try {
      const { idle } = await this.#connections();
      const connection = idle.pop()!;
      try {
        return await work(connection);
      } finally {
        idle.push(connection);
      }
    } catch (error) {
      throw explainDuckDbError(error, this.path);
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#reading -= 1;
      else next();
    }
  }

  /**
   * Runs `work` in a transaction of the writing connection, one at a time. When it throws, nothing
   * of it remains.
   */
  async write<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    if (this.#closed) throw this.#closedError();
    const run = this.#lastWrite.then(() => this.#transact(work));
    this.#lastWrite = run.catch(() => undefined);
    return run;
  }

  /** Waits for what is running, writes everything into the main file and lets go of it. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#lastWrite;
    while (this.#reading > 0) await new Promise((resolve) => setTimeout(resolve, 2));
    try {
      const connections = await this.#instance;
      if (connections === null) return;
      // When this fails, the write-ahead log holds what the main file lacks; opening replays it.
      if (!this.#options.readOnly)
        await connections.writer.run('CHECKPOINT').catch(() => undefined);
      disconnect(connections);
    } finally {
      openHere.delete(this.path);
    }
  }

  async #transact<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    try {
      const { writer, prepared } = await this.#connections();
      await writer.run('BEGIN TRANSACTION');
      try {
        const result = await work({
          connection: writer,
          rows: (sql, values = []) => rows(writer, sql, values),
          repeated: async (sql) => {
            let statement = prepared.get(sql);
            if (statement === undefined) {
              statement = await writer.prepare(sql);
              prepared.set(sql, statement);
            }
            return (await statement.runAndReadAll()).getRows();
          },
        });
        await writer.run('COMMIT');
        return result;
      } catch (error) {
        await writer.run('ROLLBACK').catch(() => undefined);
        if (needsReopening(error)) await this.#disconnectForReopening();
        throw error;
      }
    } catch (error) {
      throw explainDuckDbError(error, this.path);
    }
  }

  /** Opens the file again when a failure has closed it; a failed attempt is made anew next time. */
  async #connections(): Promise<Connections> {
    this.#instance ??= connect(this.#options);
    try {
      return await this.#instance;
    } catch (error) {
      this.#instance = null;
      throw error;
    }
  }

  /** A failed write to disk makes DuckDB refuse all further work of an instance, for safety. */
  async #disconnectForReopening(): Promise<void> {
    const connections = await this.#instance;
    if (connections === null) return;
    while (connections.idle.length < readers) {
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    this.#instance = null;
    disconnect(connections);
  }

  #closedError(): FarthingError {
    return new FarthingError('store_closed', `${this.path} has been closed.`);
  }
}

interface Connections {
  instance: DuckDBInstance;
  writer: DuckDBConnection;
  /** The reading connections that no query is using. */
  idle: DuckDBConnection[];
  /** Statements of the writer, by their text. */
  prepared: Map<string, DuckDBPreparedStatement>;
}

async function connect(options: DatabaseOptions): Promise<Connections> {
  const instance = await DuckDBInstance.create(options.path, {
    access_mode: options.readOnly ? 'READ_ONLY' : 'READ_WRITE',
    memory_limit: options.memoryLimit,
    threads: String(options.threads),
    checkpoint_threshold: options.checkpointThreshold,
    // The default keeps files readable for old releases, at the price of a compression of texts
    // that makes grouping by a nullable tag several times slower.
    storage_compatibility_version: 'v1.5.0',
    // The database reads its own file and nothing else, and never looks for code on the network.
    enable_external_access: 'false',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  try {
    const writer = await instance.connect();
    const idle: DuckDBConnection[] = [];
    for (let index = 0; index < readers; index++) idle.push(await instance.connect());
    return { instance, writer, idle, prepared: new Map() };
  } catch (error) {
    instance.closeSync();
    throw error;
  }
}

function disconnect({ instance, writer, idle, prepared }: Connections): void {
  for (const statement of prepared.values()) statement.destroySync();
  for (const connection of [writer, ...idle]) connection.closeSync();
  instance.closeSync();
}

async function rows(
  connection: DuckDBConnection,
  sql: string,
  values: readonly DuckDBValue[],
): Promise<DuckDBValue[][]> {
  const reader = await connection.runAndReadAll(sql, [...values]);
  return reader.getRows();
}
