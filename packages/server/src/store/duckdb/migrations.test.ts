import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import type { Measure } from '@farthing/core';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { batchOf, sampleEntry } from '../conformance/batches.js';
import { openDuckDbStore } from './index.js';
import { schemaSteps, schemaVersion } from './schema.js';

// Stores open and write slowly on a busy machine, which must not fail what they do.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'farthing-migrations-'));
});
afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

async function run(...statements: string[]): Promise<unknown[][]> {
  const instance = await DuckDBInstance.create(join(directory, 'farthing.duckdb'));
  const connection = await instance.connect();
  let rows: unknown[][] = [];
  for (const statement of statements) {
    rows = (await connection.runAndReadAll(statement)).getRowsJson();
  }
  connection.closeSync();
  instance.closeSync();
  return rows;
}

const times = `TIMESTAMP '2026-03-01 14:05:06.789'`;

/** What the first version booked for three calls of one hour: one without a price, one not billed. */
const firstVersion = [
  ...schemaSteps[0]!,
  'CREATE TABLE farthing_schema (version INTEGER NOT NULL)',
  'INSERT INTO farthing_schema VALUES (1)',
  `INSERT INTO journals VALUES (1, 'gateway', 1, 3000)`,
  ...[
    ['1', `1875000000`, 'priced', 'false'],
    ['2', 'NULL', 'unknown_model', 'true'],
    ['3', 'NULL', 'not_billed', 'false'],
  ].map(
    ([number, cost, status, unknown]) => `INSERT INTO calls BY NAME SELECT
      '00000000-0000-4000-8000-00000000000${number}'::UUID AS id, ${times} AS started_at,
      false AS adjustment, 'gateway' AS source, 'openai' AS provider, 'responses' AS api,
      true AS stream, 'gpt-4o' AS model, 'ok' AS outcome, 1 AS attempt, 1212 AS duration_ms,
      MAP {} AS custom, 50 AS tokens_output, false AS usage_estimated, ${cost} AS cost,
      '${status}' AS cost_status, ${unknown} AS cost_unknown, ${cost} AS cost_output,
      1 AS journal, 1 AS segment, ${number} AS line_offset`,
  ),
  ...['hourly', 'hourly_tenant'].map((table) => {
    const keys =
      table === 'hourly'
        ? `'gateway' AS source, 'responses' AS api, true AS stream, 'ok' AS outcome, 1 AS attempt,
           'priced' AS cost_status,`
        : '';
    return `INSERT INTO ${table} BY NAME SELECT date_trunc('hour', ${times}) AS "hour",
      'openai' AS provider, 'gpt-4o' AS model, ${keys} 3 AS calls, 0 AS errors, 0 AS retries,
      1 AS unpriced, 3 AS unattributed, 1 AS priced, 1 AS unknown, 0 AS reported,
      1 AS priced_calls, 1 AS unattributed_priced, 1 AS unattributed_unknown, 0 AS retries_priced,
      0 AS retries_unknown, 1875000000 AS cost, 1875000000 AS cost_of_calls,
      1875000000 AS unattributed_cost, 0 AS retries_cost, 0 AS cost_input_uncached,
      0 AS cost_cache_read, 0 AS cost_cache_write, 1875000000 AS cost_output, 0 AS cost_other,
      0 AS cost_reported, 3636 AS duration_ms, 0 AS tokens_input_uncached, 0 AS tokens_cache_read,
      0 AS tokens_cache_write, 0 AS tokens_cache_write_5m, 0 AS tokens_cache_write_1h,
      150 AS tokens_output, 0 AS tokens_reasoning, 1875000000 AS cost_min, 1875000000 AS cost_max`;
  }),
];

test('a database of the first version keeps its figures, from the calls and from roll-ups', async () => {
  await run(...firstVersion);
  const store = await openDuckDbStore({ directory });
  const sums = {
    calls: 3,
    cost: '0.001875',
    list_cost: '0.001875',
    unpriced_calls: 1,
    adjustments: 0,
    adjusted_cost: '0',
    cost_average: '0.001875',
  };
  const measures = Object.keys(sums) as (keyof typeof sums)[];
  expect(await store.query({ measures })).toMatchObject({ rows: [sums], from: 'rollup' });
  expect(await store.query({ measures, dimensions: ['user'] })).toMatchObject({
    rows: [sums],
    from: 'calls',
  });
  await store.close();
  expect(await run('SELECT version FROM farthing_schema')).toEqual([[schemaVersion]]);
});

test('what it booked became known when the call ended, and adjusts nothing', async () => {
  await run(...firstVersion);
  const store = await openDuckDbStore({ directory });
  const [row] = await store.calls({ order: 'oldest', limit: 1 });
  expect(row).toMatchObject({
    started_at: '2026-03-01T14:05:06.789Z',
    recorded_at: '2026-03-01T14:05:08.001Z',
    adjusts: null,
    list_usd: '0.001875',
  });
  const callsAsOf = async (as_of: string): Promise<unknown> =>
    (await store.query({ measures: ['calls'], as_of })).rows[0]!['calls'];
  expect(await callsAsOf('2026-03-01T14:05:08.000Z')).toBe(0);
  expect(await callsAsOf('2026-03-01T14:05:08.001Z')).toBe(3);
  await store.close();
});

test('it takes further bookings, and what was added up before is added to', async () => {
  await run(...firstVersion);
  const store = await openDuckDbStore({ directory });
  await store.book(batchOf([sampleEntry()], { journal: 'control' }));
  const { rows } = await store.query({ measures: ['calls', 'cost', 'list_cost'] });
  expect(rows).toEqual([{ calls: 4, cost: '0.00375', list_cost: '0.00375' }]);
  await store.close();
});

test('what it booked is compared with no estimate, and what comes now is', async () => {
  await run(...firstVersion);
  const store = await openDuckDbStore({ directory });
  const measures: Measure[] = [
    'estimated_calls',
    'estimated_cost',
    'drifted_calls',
    'prompt_calls',
  ];
  const nothing = { estimated_calls: 0, estimated_cost: null, drifted_calls: 0, prompt_calls: 0 };
  expect((await store.query({ measures })).rows).toEqual([nothing]);
  const estimate = { input_tokens: 900, output_tokens: 40, usd: '0.001', method: 'learned' };
  await store.book(batchOf([sampleEntry({ estimate, prompt: { user: 1_000 } })]));
  for (const dimensions of [[], ['source'], ['user']] as const) {
    const { rows } = await store.query({ measures, dimensions: [...dimensions] });
    expect(rows).toContainEqual(
      expect.objectContaining({
        estimated_calls: 1,
        estimated_cost: '0.001',
        drifted_calls: 1,
        prompt_calls: 1,
      }),
    );
  }
  await store.close();
});

test('counts that no column holds are left out, and their call is booked', async () => {
  const store = await openDuckDbStore({ directory });
  const estimate = { input_tokens: 1.5, output_tokens: 40, usd: '0.001', method: 'learned' };
  const prompt = { user: Number.MAX_SAFE_INTEGER, calls: 1_000 };
  await store.book(batchOf([sampleEntry({ estimate, prompt })]));
  const measures: Measure[] = ['calls', 'estimated_calls', 'prompt_user'];
  expect((await store.query({ measures })).rows).toEqual([
    { calls: 1, estimated_calls: 0, prompt_user: 0 },
  ]);
  await store.close();
});

test('it opens with all its figures after a crash right behind the step', async () => {
  await run(...firstVersion);
  const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));
  const stepping = spawn(
    process.execPath,
    ['--import', import.meta.resolve('tsx'), file('./fixtures/child.mjs'), directory, 'hold'],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, TSX_TSCONFIG_PATH: file('./fixtures/tsconfig.json') },
    },
  );
  const [said] = (await once(stepping.stdout, 'data')) as [Buffer];
  expect(String(said)).toBe('ready\n');
  stepping.kill('SIGKILL');
  await once(stepping, 'exit');
  const store = await openDuckDbStore({ directory });
  const { rows } = await store.query({ measures: ['calls', 'cost', 'unpriced_calls'] });
  expect(rows).toEqual([{ calls: 3, cost: '0.001875', unpriced_calls: 1 }]);
  await store.close();
});

test('roll-ups that counted by other rules are made anew, and equal the calls', async () => {
  const outcome = sampleEntry({
    provider: 'farthing',
    api: 'outcome',
    model: undefined,
    outcome: 'unmetered',
    tags: { run: 'r1', tenant: 'acme', 'tag:outcome': 'success' },
    cost: { usd: '0', status: 'not_billed', charges: [] },
  } as never);
  const entries = [
    sampleEntry({ tags: { run: 'r1', tenant: 'acme' } }),
    sampleEntry({ tags: { tenant: 'acme' }, started_at: '2026-03-09T23:59:59.999Z' }),
    outcome,
  ];
  const before = await openDuckDbStore({ directory });
  await before.book(batchOf(entries));
  await before.close();
  // Versions before the sixth counted what says how a run ended as a call.
  await run(
    `UPDATE hourly SET calls = calls + 1, unattributed = unattributed + 1 WHERE api = 'outcome'`,
    `UPDATE hourly_tenant SET calls = calls + 1 WHERE provider = 'farthing'`,
    'UPDATE farthing_schema SET version = 5',
  );
  const store = await openDuckDbStore({ directory });
  const measures: Measure[] = ['calls', 'unattributed_calls', 'cost', 'adjustments'];
  const counted = { calls: 2, unattributed_calls: 2, cost: '0.00375', adjustments: 0 };
  for (const [dimension, from] of [
    ['environment', 'rollup'],
    ['tenant', 'rollup'],
    ['user', 'calls'],
  ] as const) {
    const { rows, from: asked } = await store.query({ measures, dimensions: [dimension] });
    expect({ ...rows[0], from: asked }).toMatchObject({ ...counted, from });
  }
  await store.close();
  expect(await run('SELECT count(*) FROM hourly')).toEqual([['3']]);
});

test('amounts that an hour cannot hold in one sum come through the rebuilding', async () => {
  const costly = (usd: string) =>
    sampleEntry({ cost: { usd, status: 'priced', source: 'base', charges: [] } });
  const before = await openDuckDbStore({ directory });
  await before.book(batchOf([costly('9000000'), costly('1'), costly('9000000')]));
  await before.close();
  await run('UPDATE farthing_schema SET version = 5');
  const store = await openDuckDbStore({ directory });
  const { rows, from } = await store.query({ measures: ['cost'] });
  expect({ ...rows[0], from }).toEqual({ cost: '18000001', from: 'rollup' });
  await store.close();
});
