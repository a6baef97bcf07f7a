import type { DuckDBValue } from '@duckdb/node-api';
import type { Dimension, Query } from '@farthing/core';
import { measuresOverSums, sumByRun, sumParts, type Over } from './by-run.js';
import { dimensionSql, filterSql } from './dimensions.js';
import { measureSql } from './measures.js';
import { Parameters } from './parameters.js';
import { callsSource, withRunOutcome } from './query-source.js';
import { readQuestion, scopeOf, type Question } from './question.js';
import { resultSql } from './result-sql.js';
import type { Sum } from './rollups.js';

export interface Statement {
  sql: string;
  values: DuckDBValue[];
}

/** Several queries of the same runs, answered from one pass over their calls. */
export interface OnePass {
  /** Which of the queries, by their places. */
  places: number[];
  /** Makes the temporary tables that the answers are read from. */
  tables: Statement[];
  /** For each of the places, a statement whose rows are those of the query's own plan. */
  answers: Statement[];
}

interface Shared {
  place: number;
  query: Query;
  question: Question;
  /** Dimensions that a run's calls may differ in: neither the run nor what became of it. */
  keys: Dimension[];
}

/**
 * The plan for those of the queries that ask for sums of the same calls by their run, or by other
 * dimensions with the number of runs; null where fewer than two do.
 *
 * Finding the run of each call is what such questions take their time for. So the calls are added up once,
 * by run and the other dimensions, and those sums by run. Of sessions, which hold nearly all calls, one pass
 * takes as long as the queries one by one, and more memory.
 */
export function planOnePass(queries: readonly Query[]): OnePass | null {
  const able = queries.flatMap((query, place) => shareable(query, place) ?? []);
  for (const first of able) {
    const same = able.filter((each) => hasSameCalls(each.query, first.query));
    const keys = same.find((each) => each.keys.length > 0)?.keys ?? [];
    const shared = same.filter((each) => each.keys.length === 0 || isSameSet(each.keys, keys));
    if (shared.length > 1) return passOver(keys, shared);
  }
  return null;
}

function shareable(query: Query, place: number): Shared | null {
  const question = readQuestion(query);
  const { measures, dimensions, filters, bucket, options } = question;
  const keys = dimensions.filter((name) => name !== 'run' && name !== 'run_outcome');
  const isOfRuns = filters.some(
    ({ dimension, op, values }) =>
      dimension === 'run' && op === 'not_in' && values.length === 1 && values[0] === null,
  );
  const canShare =
    isOfRuns &&
    bucket === null &&
    query.above === undefined &&
    !(keys.length > 0 && dimensions.includes('run')) &&
    !filters.some(({ dimension }) => dimension === 'run_outcome') &&
    !measures.some((name) => measureSql[name].restates) &&
    measuresOverSums(measures, options) !== null;
  return canShare ? { place, query, question, keys } : null;
}

function hasSameCalls(a: Query, b: Query): boolean {
  const calls = ({ window, filters, as_of: asOf }: Query) =>
    JSON.stringify([window?.from, window?.to, asOf, filters]);
  return calls(a) === calls(b);
}

function isSameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name) => b.includes(name));
}

function passOver(keys: readonly Dimension[], shared: readonly Shared[]): OnePass {
  const sums = [
    ...new Set(
      shared.flatMap(
        ({ question: { measures, options } }) => measuresOverSums(measures, options)!.sums,
      ),
    ),
  ];
  const hasOutcome = shared.some(({ question }) => question.dimensions.includes('run_outcome'));
  const pass: Pass = { keys, sums, query: shared[0]!.query, hasOutcome };
  return {
    places: shared.map(({ place }) => place),
    tables: [partsTable(pass), runsTable(pass)],
    answers: shared.map((each) => answerFrom(pass, each)),
  };
}

interface Pass {
  keys: readonly Dimension[];
  sums: readonly Sum[];
  /** Any of the queries: they have the same calls. */
  query: Query;
  hasOutcome: boolean;
}

const keyOf = (index: number): string => `k${index}`;

/** A row for each run and group that it has calls in. */
function partsTable({ keys, sums, query }: Pass): Statement {
  const parameters = new Parameters();
  const source = callsSource(scopeOf(query), parameters);
  const groups = keys.map((name, index) => ({
    alias: keyOf(index),
    sql: dimensionSql(name, parameters, source.time),
  }));
  const conditions = (query.filters ?? []).map((each) => filterSql(each, parameters, source.time));
  return {
    sql: `CREATE OR REPLACE TEMP TABLE parts AS
      ${sumByRun(source.sql, groups, sums, conditions)}`,
    values: parameters.values,
  };
}

/** A row for each run, with what became of it. */
function runsTable({ sums, query, hasOutcome }: Pass): Statement {
  const parameters = new Parameters();
  const byRun = sumParts(sums);
  const rows = hasOutcome ? withRunOutcome(byRun, scopeOf(query).asOf, parameters) : byRun;
  return { sql: `CREATE OR REPLACE TEMP TABLE runs AS ${rows}`, values: parameters.values };
}

function answerFrom(pass: Pass, { query, question, keys }: Shared): Statement {
  const { measures, dimensions, limit, options } = question;
  const over: Over = dimensions.includes('run') ? 'rows' : 'groups';
  const parts = pass.hasOutcome
    ? `SELECT parts.*, run_outcome FROM parts JOIN runs USING (tag_run)`
    : 'SELECT * FROM parts';
  const source = keys.length === 0 ? 'SELECT * FROM runs' : parts;
  const columnOf = (name: Dimension): string => {
    if (name === 'run') return 'tag_run';
    return name === 'run_outcome' ? name : keyOf(pass.keys.indexOf(name));
  };
  const outputs = dimensions.map((name, index) => ({
    name,
    alias: `d${index}`,
    sql: columnOf(name),
    decode: String,
  }));
  const { sql } = measuresOverSums(measures, options, over)!;
  const values = measures.map((name, index) => ({
    name,
    alias: `m${index}`,
    sql: sql[index]!,
    decode: String,
  }));
  const rows = `SELECT ${['*', ...outputs.map((each) => `${each.sql} AS ${each.alias}`)].join(', ')}
    FROM (${source})`;
  return { sql: resultSql(query, rows, outputs, values, limit, over), values: [] };
}
