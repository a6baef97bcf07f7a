import { FarthingError } from '@farthing/core';
import type { BookingBatch, JournalPosition } from '../store.js';
import type { Database, Transaction } from './database.js';

/** How many journals the small number beside each call can tell apart. */
const mostJournals = 65_535;

/** The short numbers that stand beside the calls for the batch's journals; new journals get one. */
export async function numberJournals(
  { rows }: Transaction,
  batch: BookingBatch,
): Promise<Map<string, number>> {
  const known = await rows('SELECT name, number FROM journals');
  const numbers = new Map(known.map(([name, number]) => [String(name), Number(number)]));
  const names = new Set([
    ...batch.entries.map(({ position }) => position.journal),
    ...batch.positions.map(({ journal }) => journal),
  ]);
  for (const name of names) {
    if (numbers.has(name)) continue;
    const number = numbers.size + 1;
    if (number > mostJournals) {
      throw new FarthingError(
        'too_many_journals',
        `The store knows ${mostJournals} journals, the most it can. Give writers fixed journal names instead of a new one at each start.`,
      );
    }
    await rows('INSERT INTO journals VALUES ($1, $2, NULL, NULL)', [number, name]);
    numbers.set(name, number);
  }
  return numbers;
}

export async function storePositions(
  { rows }: Transaction,
  positions: readonly JournalPosition[],
): Promise<void> {
  for (const { journal, segment, offset } of positions) {
    await rows('UPDATE journals SET segment = $1, line_offset = $2 WHERE name = $3', [
      BigInt(segment),
      BigInt(offset),
      journal,
    ]);
  }
}

export async function readPositions(database: Database): Promise<JournalPosition[]> {
  const rows = await database.read(
    'SELECT name, segment, line_offset FROM journals WHERE segment IS NOT NULL ORDER BY name',
  );
  return rows.map(([journal, segment, offset]) => ({
    journal: String(journal),
    segment: Number(segment),
    offset: Number(offset),
  }));
}
