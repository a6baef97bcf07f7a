import { shareOf } from '../answer/frame.js';
import { formatUsd, parseUsd } from '../money.js';
import { groupKey } from './group-key.js';
import { unitOf } from './measure-units.js';
import type { Dimension, Measure, QueryRow } from './query.js';

/** How one figure moved. */
export interface MeasureChange {
  before: string | number | null;
  /** Now less before: a decimal string of USD, or a number; null where one of them is not known. */
  change: string | number | null;
  /** The change as a part of what was before: 0.38 is 38 % more; null without anything before. */
  share: number | null;
}

/** A row beside the same group in the window before. */
export interface RowComparison {
  /** `new`: no calls before; `gone`: no calls now. */
  status: 'new' | 'gone' | 'kept';
  measures: Record<string, MeasureChange>;
}

/** The changes of one row; the row before is undefined where its group had no calls. */
export function compareRow(
  now: QueryRow,
  before: QueryRow | undefined,
  measures: readonly Measure[],
): Record<string, MeasureChange> {
  return Object.fromEntries(
    measures.map((measure) => [
      measure,
      changeOf(measure, now[measure] ?? null, before?.[measure] ?? null, before === undefined),
    ]),
  );
}

function changeOf(
  measure: Measure,
  now: string | number | null,
  before: string | number | null,
  isNew: boolean,
): MeasureChange {
  const unit = unitOf(measure);
  if (unit === 'time') return { before, change: null, share: null };
  // Before its first call a group had nothing, which is known; an average of nothing is not.
  const counted = isNew && (unit === 'count' || measure === 'cost');
  const then = counted ? (unit === 'usd' ? '0' : 0) : before;
  if (now === null || then === null) return { before: then, change: null, share: null };
  const change =
    unit === 'usd'
      ? formatUsd(parseUsd(String(now)) - parseUsd(String(then)))
      : Number(now) - Number(then);
  const from = Number(then);
  return { before: then, change, share: from > 0 ? shareOf(Number(change), from) : null };
}

/**
 * Lines up the rows of two windows by their group (and their bucket, moved by the time between the
 * windows). Groups that are gone follow, with nothing now: no calls, no cost, and no figure that nothing
 * has.
 *
 * @param shift milliseconds from the earlier window to the later one
 */
export function alignRows(
  now: readonly QueryRow[],
  before: readonly QueryRow[],
  dimensions: readonly Dimension[],
  measures: readonly Measure[],
  shift: number,
): { rows: QueryRow[]; compared: RowComparison[] } {
  const keyOf = (row: QueryRow, moved: number): string => {
    const bucket = row['bucket'];
    const at = bucket == null ? '' : new Date(Date.parse(String(bucket)) + moved).toISOString();
    return `${at} ${groupKey(row, [...dimensions])}`;
  };
  const earlier = new Map(before.map((row) => [keyOf(row, shift), row]));
  const rows: QueryRow[] = [];
  const compared: RowComparison[] = [];
  for (const row of now) {
    const key = keyOf(row, 0);
    const then = earlier.get(key);
    earlier.delete(key);
    rows.push(row);
    compared.push({
      status: then === undefined ? 'new' : 'kept',
      measures: compareRow(row, then, measures),
    });
  }
  for (const then of earlier.values()) {
    const row = nothingNow(then, dimensions, measures, shift);
    rows.push(row);
    compared.push({ status: 'gone', measures: compareRow(row, then, measures) });
  }
  return { rows, compared };
}

function nothingNow(
  then: QueryRow,
  dimensions: readonly Dimension[],
  measures: readonly Measure[],
  shift: number,
): QueryRow {
  const bucket = then['bucket'];
  return Object.fromEntries([
    ...(bucket == null
      ? []
      : [['bucket', new Date(Date.parse(String(bucket)) + shift).toISOString()]]),
    ...dimensions.map((name) => [name, then[name] ?? null]),
    ...measures.map((measure) => {
      const unit = unitOf(measure);
      return [measure, measure === 'cost' ? '0' : unit === 'count' ? 0 : null];
    }),
  ]) as QueryRow;
}
