import type { DuckDBValue } from '@duckdb/node-api';
import type { Database, Transaction } from './database.js';
import { foldRollup, hasOverflow, rollups } from './rollups.js';
import { timestamp } from './time.js';

/** So many appended rows a question adds up in a few milliseconds; then it is time to compact. */
const mostAppended = 50_000;

/** Not worth a transaction when the store is closed. */
const fewAppended = 500;

/**
 * Keeps the roll-ups small: bookings append rows, and the rows of the hours that got some are then
 * replaced by one for each key, in a transaction of its own. Sums stay the same at every moment. What
 * a crash leaves uncompacted is only larger, not wrong.
 */
export class Compaction {
  readonly #database: Database;
  #hours = new Set<number>();
  #appended = 0;
  #running: Promise<void> | null = null;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Notes what a booking has appended; `hours` are the beginnings of hours, in milliseconds. */
  appended(hours: readonly number[], rows: number): void {
    for (const hour of hours) this.#hours.add(hour);
    this.#appended += rows;
  }

  /** Begins to compact when enough has been appended. Bookings meanwhile wait for it, questions do not. */
  runIfDue(): void {
    if (this.#appended >= mostAppended) this.#running ??= this.#run();
  }

  async finish(): Promise<void> {
    await this.#running;
    if (this.#appended >= fewAppended) await this.#run();
  }

  async #run(): Promise<void> {
    const hours = this.#hours;
    this.#hours = new Set();
    this.#appended = 0;
    try {
      await compactHours(this.#database, [...hours]);
    } catch {
      // The rows stay as they were appended: right, and compacted with the next ones of these hours.
      for (const hour of hours) this.#hours.add(hour);
    } finally {
      this.#running = null;
    }
  }
}

/** Replaces the rows of these hours by one for each key, in one transaction. */
export async function compactHours(database: Database, hours: readonly number[]): Promise<void> {
  const listed = hours.map((_, index) => `$${index + 3}`).join(', ');
  const values = [
    timestamp(hours.reduce((a, b) => Math.min(a, b))),
    timestamp(hours.reduce((a, b) => Math.max(a, b))),
    ...hours.map(timestamp),
  ];
  await database.write((transaction) =>
    compactRows(transaction, `"hour" >= $1 AND "hour" <= $2 AND "hour" IN (${listed})`, values),
  );
}

/** Replaces the rows of whole hours by one for each key. `condition` says of which hours. */
export async function compactRows(
  { rows }: Transaction,
  condition: string,
  values: readonly DuckDBValue[],
): Promise<void> {
  for (const rollup of rollups) {
    await rows(
      `CREATE OR REPLACE TEMP TABLE compacted AS ${foldRollup(rollup, condition)}`,
      values,
    );
    // An hour with a sum beyond 64 bits keeps its rows apart.
    await rows(
      `DELETE FROM compacted WHERE "hour" IN (SELECT "hour" FROM compacted WHERE ${hasOverflow})`,
    );
    await rows(
      `DELETE FROM ${rollup.table} WHERE ${condition} AND "hour" IN (SELECT "hour" FROM compacted)`,
      values,
    );
    await rows(`INSERT INTO ${rollup.table} BY NAME FROM compacted`);
    await rows('DROP TABLE compacted');
  }
}
