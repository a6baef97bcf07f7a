import type { DuckDBValue } from '@duckdb/node-api';
import { formatUsd, type AdjustmentCause, type Window } from '@farthing/core';
import type { RecordedRow } from '../store.js';
import type { Database } from './database.js';
import { Parameters } from './parameters.js';
import { readAsOf, timestamp, within } from './time.js';

/** What became known in a span of time, the largest amounts first; ties by name, so that it is the same each time. */
export async function sumRecorded(
  database: Database,
  window: Window,
  { after, until }: { after: string; until: string },
): Promise<RecordedRow[]> {
  const parameters = new Parameters();
  const conditions = [
    within(window, parameters),
    `recorded_at > ${parameters.add(timestamp(readAsOf(after)))}`,
    `recorded_at <= ${parameters.add(timestamp(readAsOf(until)))}`,
  ];
  const rows = await database.read(
    `SELECT cause, source, provider, model, count(*), coalesce(sum(cost), 0) AS amount,
        coalesce(sum(cost_list), 0), sum(known_change), sum(unknown_change)
      FROM calls WHERE ${conditions.join(' AND ')}
      GROUP BY cause, source, provider, model
      ORDER BY abs(amount) DESC, cause NULLS LAST, source, provider, model NULLS LAST`,
    parameters.values,
  );
  return rows.map(readRow);
}

function readRow([
  cause,
  source,
  provider,
  model,
  entries,
  ...sums
]: readonly DuckDBValue[]): RecordedRow {
  const [cost, list, known, unknown] = sums;
  return {
    cause: cause as AdjustmentCause | null,
    source: String(source),
    provider: String(provider),
    model: model as string | null,
    entries: Number(entries),
    cost: formatUsd(BigInt(cost as bigint)),
    list_cost: formatUsd(BigInt(list as bigint)),
    known_change: Number(known),
    unknown_change: Number(unknown),
  };
}
