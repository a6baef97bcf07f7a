import { formatUsd, parseUsd } from '../money.js';
import { addsUp, unitOf } from './measure-units.js';
import type { Measure, QueryRow } from './query.js';

/**
 * What is left of the totals after some rows of it, so that the rows and this add up to them. Measures
 * that do not add up (percentiles, ratios, different users) are null: the rest's are not known from these.
 */
export function restOf(
  totals: QueryRow,
  rows: readonly QueryRow[],
  measures: readonly Measure[],
): QueryRow {
  return Object.fromEntries(
    measures.map((measure) => [measure, addsUp(measure) ? left(totals, rows, measure) : null]),
  );
}

function left(
  totals: QueryRow,
  rows: readonly QueryRow[],
  measure: Measure,
): string | number | null {
  const total = totals[measure];
  if (total == null) return null;
  const values = rows.map((row) => row[measure] ?? 0);
  if (unitOf(measure) !== 'usd') {
    return values.reduce<number>((rest, value) => rest - Number(value), Number(total));
  }
  return formatUsd(
    values.reduce<bigint>((rest, value) => rest - parseUsd(String(value)), parseUsd(String(total))),
  );
}
