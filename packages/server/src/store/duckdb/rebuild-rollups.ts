import type { Transaction } from './database.js';
import { foldCalls, foldRollup, hasOverflow, largestBatch, rollups } from './rollups.js';

/**
 * Makes the roll-ups anew from the calls, as bookings and compaction would make them today: a day at a
 * time, so that it takes the memory of a day, and in parts of a batch's size, whose sums cannot overflow.
 */
export async function rebuildRollups({ rows }: Transaction): Promise<void> {
  const days = await rows(
    `SELECT DISTINCT date_trunc('day', started_at)::TIMESTAMP AS day FROM calls ORDER BY day`,
  );
  for (const rollup of rollups) {
    await rows(`DELETE FROM ${rollup.table}`);
    for (const [day] of days) {
      const calls = `calls WHERE started_at >= $1 AND started_at < $1 + INTERVAL 1 DAY`;
      await rows(
        `CREATE OR REPLACE TEMP TABLE parts AS
          ${foldCalls(rollup, calls, `rowid // ${largestBatch}`)}`,
        [day!],
      );
      await rows(
        `CREATE OR REPLACE TEMP TABLE compacted AS
          ${foldRollup({ ...rollup, table: 'parts' }, 'true')}`,
      );
      // As in compaction.ts: an hour with a sum beyond 64 bits keeps its rows apart.
      const overflowing = `(SELECT "hour" FROM compacted WHERE ${hasOverflow})`;
      await rows(
        `INSERT INTO ${rollup.table} BY NAME
          FROM compacted WHERE "hour" NOT IN ${overflowing}
          UNION ALL BY NAME FROM parts WHERE "hour" IN ${overflowing}`,
      );
    }
    await rows('DROP TABLE IF EXISTS parts');
    await rows('DROP TABLE IF EXISTS compacted');
  }
}
