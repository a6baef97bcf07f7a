import { join } from 'node:path';
import type { Query } from '@farthing/core';
import { Database } from '../../packages/server/src/store/duckdb/database.js';
import { openDuckDbStore } from '../../packages/server/src/store/duckdb/index.js';
import { planQuery } from '../../packages/server/src/store/duckdb/plan-query.js';
import { fillStore } from './fill-store.js';
import { month } from './traffic.js';

const hour = 3_600_000;
const iso = (time: number): string => new Date(time).toISOString();
const last = (hours: number, end = month.to) => ({ from: iso(end - hours * hour), to: iso(end) });
/** A window as a dashboard asks for it: it ends now, not on an hour. */
const untilNow = (hours: number) => last(hours, month.to - 25 * 60_000 - 1234);

const percentiles = ['cost_p50', 'cost_p90', 'cost_p95', 'cost_p99'] as const;
const featureSpend: Query = {
  measures: ['cost', 'calls', 'cost_average', 'tokens_input', 'tokens_output'],
  dimensions: ['feature'],
};

const questions: { name: string; query: Query }[] = [
  { name: 'spend by feature, 24 h', query: { ...featureSpend, window: last(24) } },
  { name: 'spend by feature, 24 h until now', query: { ...featureSpend, window: untilNow(24) } },
  { name: 'spend by feature, 30 d', query: { ...featureSpend, window: last(720) } },
  {
    name: 'spend by tenant, 30 d',
    query: { ...featureSpend, dimensions: ['tenant'], window: last(720) },
  },
  {
    name: 'hour × model, 30 d',
    query: {
      measures: ['cost', 'calls'],
      dimensions: ['model'],
      bucket: 'hour',
      window: last(720),
      limit: 100_000,
    },
  },
  {
    name: 'totals, 30 d',
    query: {
      measures: [
        'calls',
        'cost',
        'cost_input',
        'cost_output',
        'tokens_input',
        'tokens_output',
        'errors',
        'unpriced_calls',
      ],
      window: last(720),
    },
  },
  {
    name: 'unattributed share, 30 d',
    query: {
      measures: ['cost', 'unattributed_cost', 'calls', 'unattributed_calls'],
      window: last(720),
    },
  },
  {
    name: 'one feature by day and model, 30 d',
    query: {
      measures: ['cost', 'calls'],
      dimensions: ['model'],
      bucket: 'day',
      filters: [{ dimension: 'feature', op: 'in', values: ['feature-3'] }],
      window: last(720),
    },
  },
  {
    name: 'percentiles by feature, 24 h',
    query: { measures: [...percentiles], dimensions: ['feature'], window: last(24) },
  },
  {
    name: 'percentiles by feature, 30 d',
    query: { measures: [...percentiles], dimensions: ['feature'], window: last(720) },
  },
  {
    name: 'spend by user (top 100), 30 d',
    query: { measures: ['cost', 'calls'], dimensions: ['user'], window: last(720), limit: 100 },
  },
  {
    name: 'spend by custom tag, 30 d',
    query: { measures: ['cost', 'calls'], dimensions: ['tag:team'], window: last(720) },
  },
];

export interface QueryFigure {
  question: string;
  /** Median of nine, in milliseconds; null where no roll-up can answer. */
  rollup_ms: number | null;
  raw_ms: number | null;
}

/** Fills a store with `calls` calls and times the dashboard's questions in it. */
export async function measureQueries(directory: string, calls: number) {
  const began = performance.now();
  const rows = await fillStore(directory, calls);
  const fill_seconds = Math.round((performance.now() - began) / 1000);
  const { figures, bytes } = await timeQuestions(directory);
  return { calls, rows, fill_seconds, bytes_per_call: Number((bytes / calls).toFixed(1)), figures };
}

/** Times the questions over roll-ups and over the calls themselves, and checks that both agree. */
export async function timeQuestions(directory: string) {
  const figures: QueryFigure[] = [];
  const database = await Database.open({
    path: join(directory, 'farthing.duckdb'),
    readOnly: true,
    memoryLimit: '1GB',
    threads: 2,
    checkpointThreshold: '64MB',
  });
  for (const { name, query } of questions) {
    const run = async (callsOnly: boolean) => {
      const plan = planQuery(query, { callsOnly });
      const answer = (await database.read(plan.sql, plan.values)).map(plan.decode);
      return { answer: JSON.stringify(answer), from: plan.from };
    };
    const planned = await run(false);
    const raw = await run(true);
    if (planned.answer !== raw.answer) throw new Error(`${name}: roll-ups and calls disagree`);
    figures.push({
      question: name,
      rollup_ms: planned.from === 'calls' ? null : await median(() => run(false)),
      raw_ms: await median(() => run(true)),
    });
  }
  await database.close();

  const store = await openDuckDbStore({ directory });
  const [newest] = await store.calls({ order: 'newest', limit: 1 });
  const others: [string, () => Promise<unknown>][] = [
    ['newest 100 calls', () => store.calls({ order: 'newest', limit: 100 })],
    [
      'dearest 100 calls, 30 d',
      () => store.calls({ order: 'dearest', limit: 100, window: last(720) }),
    ],
    ['one call by id', () => store.call(newest!.id)],
    ['custom tag keys, 30 d', () => store.tagKeys(last(720))],
    ['summary', () => store.summary()],
  ];
  for (const [question, ask] of others) {
    figures.push({ question, rollup_ms: null, raw_ms: await median(ask) });
  }
  const { bytes } = await store.summary();
  await store.close();
  return { figures, bytes };
}

/** Of nine, after one that warms the cache. */
async function median(run: () => Promise<unknown>): Promise<number> {
  await run();
  const times: number[] = [];
  for (let turn = 0; turn < 9; turn++) {
    const began = performance.now();
    await run();
    times.push(performance.now() - began);
  }
  times.sort((a, b) => a - b);
  return Number(times[4]!.toFixed(1));
}
