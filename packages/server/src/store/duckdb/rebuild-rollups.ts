import type { Transaction } from './database.js';
import { compactRows } from './compaction.js';
import { foldCalls, largestBatch, rollups } from './rollups.js';

/**
 * Makes the roll-ups anew from the calls, as bookings and compaction would make them today: a day at a
 * time, so that it takes the memory of a day, and in parts of a batch's size, whose sums cannot overflow.
 */
export async function rebuildRollups(transaction: Transaction): Promise<void> {
  const { rows } = transaction;
  for (const { table } of rollups) await rows(`DELETE FROM ${table}`);
  const days = await rows(
    `SELECT DISTINCT date_trunc('day', started_at)::TIMESTAMP AS day FROM calls ORDER BY day`,
  );
  for (const [day] of days) {
    const within = (column: string) => `${column} >= $1 AND ${column} < $1 + INTERVAL 1 DAY`;
    for (const rollup of rollups) {
      const calls = `calls WHERE ${within('started_at')}`;
      await rows(
        `INSERT INTO ${rollup.table} BY NAME
          ${foldCalls(rollup, calls, `rowid // ${largestBatch}`)}`,
        [day!],
      );
    }
    await compactRows(transaction, within('"hour"'), [day!]);
  }
}
