import { DuckDBDataChunk, type DuckDBValue } from '@duckdb/node-api';
import { FarthingError } from '@farthing/core';
import type { BookingBatch, BookingResult } from '../store.js';
import { callColumns, type PreparedCall } from './columns.js';
import type { Compaction } from './compaction.js';
import type { Database, Transaction } from './database.js';
import { numberJournals, storePositions } from './journals.js';
import { prepareCall } from './prepare-call.js';
import { foldCalls, largestBatch, rollups } from './rollups.js';
import { floorHour, timestamp } from './time.js';

/** The most rows that a chunk of the database holds. */
const chunkRows = 2048;

/**
 * Books a batch in one transaction: calls that are new, the roll-ups they change, and how far the
 * journals have been read. The calls pass through a temporary table, because one INSERT … SELECT of
 * a batch is far cheaper than rows one by one.
 */
export async function book(
  database: Database,
  compaction: Compaction,
  batch: BookingBatch,
): Promise<BookingResult> {
  if (batch.entries.length > largestBatch) {
    throw new FarthingError(
      'batch_too_large',
      `${batch.entries.length} entries in one batch; book at most ${largestBatch} at once.`,
    );
  }
  const booked = await database.write(async (transaction) => {
    const journals = await numberJournals(transaction, batch);
    const calls = new Map<string, PreparedCall>();
    for (const sourced of batch.entries) {
      const call = prepareCall(sourced, journals.get(sourced.position.journal)!);
      if (!calls.has(call.row.id)) calls.set(call.row.id, call);
    }
    const fresh =
      calls.size === 0 ? [] : await bookCalls(transaction, [...calls.values()], compaction);
    await storePositions(transaction, batch.positions);
    return fresh;
  });
  return {
    booked: booked.length,
    duplicates: batch.entries.length - booked.length,
    booked_ids: booked.map((call) => call.row.id),
  };
}

async function bookCalls(
  transaction: Transaction,
  calls: readonly PreparedCall[],
  compaction: Compaction,
): Promise<PreparedCall[]> {
  const { rows, repeated } = transaction;
  const starts = calls.map((call) => Date.parse(call.row.started_at));
  const first = starts.reduce((a, b) => Math.min(a, b));
  const last = starts.reduce((a, b) => Math.max(a, b));
  await stage(transaction, calls);

  // An id always comes with the same start, so only the stored calls of this span can be equal:
  // the bounds let the database skip all other row groups.
  const known = await rows(
    `DELETE FROM staged WHERE id IN
       (SELECT id FROM calls WHERE started_at >= $1 AND started_at <= $2)
     RETURNING id`,
    [timestamp(first), timestamp(last)],
  );
  const duplicates = new Set(known.map(([id]) => String(id)));
  if (duplicates.size === calls.length) return [];

  await repeated('INSERT INTO calls SELECT * FROM staged');
  let appended = 0;
  for (const rollup of rollups) {
    const [count] = await repeated(
      `INSERT INTO ${rollup.table} BY NAME ${foldCalls(rollup, 'staged')}`,
    );
    appended += Number(count?.[0] ?? 0);
  }
  compaction.appended(starts.map(floorHour), appended);
  return calls.filter((call) => !duplicates.has(call.row.id));
}

async function stage(
  { connection, rows }: Transaction,
  calls: readonly PreparedCall[],
): Promise<void> {
  await rows('CREATE TEMP TABLE IF NOT EXISTS staged AS FROM calls LIMIT 0');
  await rows('DELETE FROM staged');
  const appender = await connection.createAppender('staged', 'main', 'temp');
  const types = callColumns.map((column) => column.type);
  for (let start = 0; start < calls.length; start += chunkRows) {
    const part = calls.slice(start, start + chunkRows);
    const chunk = DuckDBDataChunk.create(types, part.length);
    callColumns.forEach((column, index) => {
      chunk.setColumnValues(index, part.map(column.value) as DuckDBValue[]);
    });
    appender.appendDataChunk(chunk);
  }
  appender.flushSync();
  appender.closeSync();
}
