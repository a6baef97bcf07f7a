import { rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import {
  DuckDBDecimalValue,
  DuckDBInstance,
  DuckDBTimestampTZValue,
  type DuckDBAppender,
  type DuckDBConnection,
} from '@duckdb/node-api';
import { FarthingError, focusPrecision, type FocusColumn, type FocusRow } from '@farthing/core';

export interface ParquetRequest {
  /** Where the file goes. It appears whole, or not at all. */
  file: string;
  columns: readonly FocusColumn[];
  rows: AsyncIterable<readonly FocusRow[]>;
  /** Key-value metadata of the file. */
  metadata: Readonly<Record<string, string>>;
}

/** Beyond this the rows wait on disk until the file is written. */
const memoryLimit = '512MB';
/** Rows after which what was appended is handed over. */
const flushRows = 10_000;

const sqlTypes = {
  string: () => 'VARCHAR',
  json: () => 'VARCHAR',
  datetime: () => 'TIMESTAMPTZ',
  decimal: (scale: number) => `DECIMAL(${focusPrecision}, ${scale})`,
};

/**
 * Writes rows as a Parquet file: decimals as decimals of 128 bits, never as floats, times as UTC
 * timestamps. The rows are gathered in a database of their own, in memory, which lets them down onto
 * disk when there are many. Rejects with `not_writable` when the file cannot be written.
 */
export async function writeParquet({
  file,
  columns,
  rows,
  metadata,
}: ParquetRequest): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: memoryLimit,
    temp_directory: `${tmpdir()}/farthing-parquet-${process.pid}`,
    threads: '2',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const unfinished = `${file}.unfinished`;
  try {
    const connection = await instance.connect();
    const definitions = columns.map(
      ({ name, type, scale = 0 }) => `"${name}" ${sqlTypes[type](scale)}`,
    );
    await connection.run(`CREATE TABLE focus (${definitions.join(', ')})`);
    await append(connection, columns, rows);
    await copy(connection, unfinished, metadata);
    await rename(unfinished, file);
  } finally {
    instance.closeSync();
    await rm(unfinished, { force: true });
  }
}

async function append(
  connection: DuckDBConnection,
  columns: readonly FocusColumn[],
  rows: AsyncIterable<readonly FocusRow[]>,
): Promise<void> {
  const appender = await connection.createAppender('focus');
  const writers = columns.map((column) => valueWriter(appender, column));
  let waiting = 0;
  for await (const batch of rows) {
    for (const row of batch) {
      for (const write of writers) write(row);
      appender.endRow();
      waiting += 1;
    }
    if (waiting < flushRows) continue;
    appender.flushSync();
    waiting = 0;
  }
  appender.closeSync();
}

function valueWriter(
  appender: DuckDBAppender,
  { name, type, scale = 0 }: FocusColumn,
): (row: FocusRow) => void {
  const read = (row: FocusRow) => (row as Record<string, string | null>)[name] ?? null;
  return (row) => {
    const value = read(row);
    if (value === null) appender.appendNull();
    else if (type === 'decimal') {
      appender.appendDecimal(
        new DuckDBDecimalValue(scaledInteger(value, scale), focusPrecision, scale),
      );
    } else if (type === 'datetime') {
      appender.appendTimestampTZ(new DuckDBTimestampTZValue(BigInt(Date.parse(value)) * 1000n));
    } else appender.appendVarchar(value);
  };
}

/** `"1.5"` at scale 3 → 1500n. Every value has at most `scale` decimals: nothing is rounded here. */
function scaledInteger(text: string, scale: number): bigint {
  const [whole = '', fraction = ''] = text.split('.');
  return BigInt(whole + fraction.padEnd(scale, '0'));
}

async function copy(
  connection: DuckDBConnection,
  file: string,
  metadata: Readonly<Record<string, string>>,
): Promise<void> {
  const pairs = Object.entries(metadata).map(([key, value]) => `${key}: ${literal(value)}`);
  try {
    await connection.run(
      `COPY focus TO ${literal(file)} (FORMAT parquet, COMPRESSION zstd, KV_METADATA {${pairs.join(', ')}})`,
    );
  } catch (error) {
    throw new FarthingError(
      'not_writable',
      `${file} cannot be written. Check that the directory ${dirname(file)} exists and may be written to: ${(error as Error).message}`,
      { cause: error },
    );
  }
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
