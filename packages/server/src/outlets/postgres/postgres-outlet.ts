import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, DatabaseError } from 'pg';
import type { Entry } from '@farthing/core';
import { OutletRefused, type Outlet } from '../outlet.js';
import { columns, createTable, insert, tableName } from './table.js';

export interface PostgresOptions {
  /** `postgres://user:password@host/database`; TLS by `?sslmode=`. */
  url: string;
  /** Made when missing. `schema.table` is possible. Default `farthing_entries`. */
  table?: string | undefined;
  /** How long a server may take to answer. Default 30 seconds. */
  answerMilliseconds?: number | undefined;
}

const connectMilliseconds = 10_000;
const farewellMilliseconds = 500;

/**
 * A table with a row for each entry: the columns that queries want, and the whole entry as `jsonb`. The
 * id is its key, so an entry that comes again changes nothing. Amounts are `numeric`, exact.
 */
export async function openPostgresOutlet(options: PostgresOptions): Promise<Outlet> {
  const table = tableName(options.table ?? 'farthing_entries');
  const { answerMilliseconds = 30_000 } = options;
  const socket = new Socket();
  const client = new Client({
    stream: () => socket,
    connectionString: options.url,
    application_name: 'farthing',
    connectionTimeoutMillis: Math.min(connectMilliseconds, answerMilliseconds),
    // A server that is gone without a word must not hold the outlet for ever.
    query_timeout: answerMilliseconds,
  });
  // A server that hangs never closes its side.
  const end = async () => {
    await Promise.race([client.end().catch(() => undefined), sleep(farewellMilliseconds)]);
    socket.destroy();
  };
  // Without a listener a connection that breaks while idle would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(createTable(table));
  } catch (error) {
    await end();
    throw explain(error as Error);
  }
  return {
    async write(entries: readonly Entry[]) {
      const values = columns.map(({ of }) => entries.map(of));
      await client.query(insert(table), values).catch((error: Error) => {
        throw explain(error);
      });
    },
    close: end,
  };
}

/** Classes of SQLSTATE that go away by themselves: connection, resources, operator, rolled back. */
const passing = new Set(['08', '53', '57', '58', '40']);

function explain(error: Error): Error {
  if (!(error instanceof DatabaseError)) return error;
  const { code = '' } = error;
  if (passing.has(code.slice(0, 2))) return error;
  return new OutletRefused(`PostgreSQL refuses: ${error.message} (${code})`);
}
