import type { Measure } from '@farthing/core';
import { measureSql, type MeasureOptions } from './measures.js';
import { overCalls, overRollup, type Additive } from './rollups.js';

/** A measure over sums by run, and the sums that it takes. */
interface OverRuns {
  sql: string;
  additives: readonly Additive[];
}

/**
 * A measure as an aggregate over sums by run, as `sumByRun` makes them, or null where these cannot tell it.
 */
function overRuns(measure: Measure, options: MeasureOptions): OverRuns | null {
  // As in measures.ts: what adjusts a call, and what says how a run ended, does not make it a run.
  if (measure === 'runs') {
    return {
      sql: 'count(DISTINCT tag_run) FILTER (WHERE calls > 0)',
      additives: ['calls'],
    };
  }
  if (measureSql[measure].callsOnly) return null;
  const additives = new Set<Additive>();
  const sums = { ...overRollup, cost_of_call: 'NULL' };
  const noted = new Proxy(sums, {
    get(target, name) {
      if (Object.hasOwn(overRollup, name)) additives.add(name as Additive);
      return target[name as Additive];
    },
  });
  return { sql: measureSql[measure].sql(noted, options), additives: [...additives] };
}

/** The measures over sums by run and those sums' names; null where one of them takes the calls. */
export function measuresOverRuns(
  measures: readonly Measure[],
  options: MeasureOptions,
): { sql: string[]; additives: Additive[] } | null {
  const all = measures.map((measure) => overRuns(measure, options));
  if (all.some((each) => each === null)) return null;
  const found = all as OverRuns[];
  return {
    sql: found.map(({ sql }) => sql),
    additives: [...new Set(found.flatMap(({ additives }) => additives))],
  };
}

/**
 * The calls of a source added up by run and keys. There are fewer runs than calls: finding the outcome of
 * each run, and counting the runs, takes half as long over these sums.
 */
export function sumByRun(
  source: string,
  keys: readonly { alias: string; sql: string }[],
  additives: readonly Additive[],
  conditions: readonly string[],
): string {
  const columns = [
    ...keys.map(({ alias, sql }) => `${sql} AS ${alias}`),
    ...additives.map((name) => `${overCalls[name]} AS ${name}`),
  ];
  return `SELECT ${['tag_run', ...columns].join(', ')}
    FROM (SELECT * FROM (${source}) WHERE ${['true', ...conditions].join(' AND ')})
    GROUP BY ${['tag_run', ...keys.map(({ alias }) => alias)].join(', ')}`;
}
