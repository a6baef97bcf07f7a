import type { Measure } from '@farthing/core';
import { measureSql, type MeasureOptions } from './measures.js';
import { isCount, sumsOverCalls, sumsOverRollup, type Sum } from './rollups.js';

const sumNames = Object.keys(sumsOverCalls) as Sum[];

/** Sums by run as they stand in a row, and added up over rows. */
const sumsIn: Record<Over, Record<Sum, string>> = {
  rows: Object.fromEntries(sumNames.map((name) => [name, name])) as Record<Sum, string>,
  groups: { ...sumsOverRollup, tokens_input: 'coalesce(sum(tokens_input), 0)' },
};

/** Where a measure is taken over: groups of rows with sums, or each row by itself. */
export type Over = 'groups' | 'rows';

/** Measures over sums by run, and which sums they take. */
export interface OverSums {
  sql: string[];
  sums: Sum[];
}

/**
 * The measures over sums by run; null where one of them takes the calls. Each run must have one row
 * in a group at most: it is counted by its rows.
 */
export function measuresOverSums(
  measures: readonly Measure[],
  options: MeasureOptions,
  over: Over = 'groups',
): OverSums | null {
  const sums = new Set<Sum>();
  const names = sumsIn[over];
  const noted = new Proxy(
    { ...names, cost_of_call: 'NULL' },
    {
      get(target, name) {
        if (Object.hasOwn(names, name)) sums.add(name as Sum);
        return target[name as Sum];
      },
    },
  );
  const sql: string[] = [];
  for (const measure of measures) {
    // As in measures.ts: what adjusts a call, and what says how a run ended, does not make it a run.
    if (measure === 'runs') {
      sums.add('calls');
      const carried = 'tag_run IS NOT NULL AND calls > 0';
      sql.push(over === 'groups' ? `count(*) FILTER (WHERE ${carried})` : `(${carried})::INTEGER`);
    } else if (measureSql[measure].callsOnly) {
      return null;
    } else {
      sql.push(measureSql[measure].sql(noted, options));
    }
  }
  return { sql, sums: [...sums] };
}

/**
 * The calls of a source added up by run and keys. There are fewer runs than calls: finding the outcome of
 * each run, and counting the runs, takes half as long over these sums.
 */
export function sumByRun(
  source: string,
  keys: readonly { alias: string; sql: string }[],
  sums: readonly Sum[],
  conditions: readonly string[],
): string {
  const columns = [
    ...keys.map(({ alias, sql }) => `${sql} AS ${alias}`),
    // 128 bits take several times as long to add up again.
    ...sums.map(
      (name) =>
        `${isCount(name) ? `(${sumsOverCalls[name]})::BIGINT` : sumsOverCalls[name]} AS ${name}`,
    ),
  ];
  return `SELECT ${['tag_run', ...columns].join(', ')}
    FROM (SELECT * FROM (${source}) WHERE ${['true', ...conditions].join(' AND ')})
    GROUP BY ${['tag_run', ...keys.map(({ alias }) => alias)].join(', ')}`;
}

/** Sums by run and keys, in the table `parts`, added up by run alone. */
export function sumParts(sums: readonly Sum[]): string {
  return `SELECT ${['tag_run', ...sums.map((name) => `${sumsIn.groups[name]} AS ${name}`)].join(', ')}
    FROM parts GROUP BY tag_run`;
}
