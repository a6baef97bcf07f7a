import { tmpdir } from 'node:os';
import { DuckDBInstance } from '@duckdb/node-api';
import { FarthingError } from '@farthing/core';

const memoryLimit = '512MB';

/**
 * Streams the rows of a Parquet file in batches of a few thousand, as JSON values: times as ISO 8601
 * text in UTC, integers of 64 bits and decimals as text. Memory stays bounded whatever the file's size.
 * Throws `no_parquet` when it is none.
 */
export async function* readParquet(
  file: string,
): AsyncGenerator<readonly Record<string, unknown>[]> {
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: memoryLimit,
    temp_directory: `${tmpdir()}/farthing-parquet-${process.pid}`,
    threads: '2',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  try {
    const connection = await instance.connect();
    await connection.run(`SET TimeZone = 'UTC'`);
    const result = await open(connection, file);
    for await (const rows of result.yieldRowObjectJson()) yield rows;
  } finally {
    instance.closeSync();
  }
}

async function open(connection: Awaited<ReturnType<DuckDBInstance['connect']>>, file: string) {
  try {
    return await connection.stream('SELECT * FROM read_parquet($1)', [file]);
  } catch (error) {
    throw new FarthingError(
      'no_parquet',
      `${file} cannot be read as Parquet: ${(error as Error).message.split('\n', 1)[0]}`,
      { cause: error },
    );
  }
}
