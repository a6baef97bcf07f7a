import { Client, DatabaseError } from 'pg';
import type { Entry } from '@farthing/core';
import { OutletRefused, type Outlet } from '../outlet.js';
import { columns, createTable, insert, tableName } from './table.js';

export interface PostgresOptions {
  /** `postgres://user:password@host/database`; TLS by `?sslmode=`. */
  url: string;
  /** Made when missing. `schema.table` is possible. Default `farthing_entries`. */
  table?: string | undefined;
}

/**
 * A table with a row for each entry: the columns that queries want, and the whole entry as `jsonb`. The
 * id is its key, so an entry that comes again changes nothing. Amounts are `numeric`, exact.
 */
export async function openPostgresOutlet(options: PostgresOptions): Promise<Outlet> {
  const table = tableName(options.table ?? 'farthing_entries');
  const client = new Client({
    connectionString: options.url,
    application_name: 'farthing',
    connectionTimeoutMillis: 10_000,
    // A server that is gone without a word must not hold the outlet for ever.
    query_timeout: 60_000,
  });
  // Without a listener a connection that breaks while idle would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(createTable(table));
  } catch (error) {
    await client.end().catch(() => undefined);
    throw explain(error as Error);
  }
  return {
    async write(entries: readonly Entry[]) {
      const values = columns.map(({ of }) => entries.map(of));
      await client.query(insert(table), values).catch((error: Error) => {
        throw explain(error);
      });
    },
    close: () => client.end(),
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
