import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { openDuckDbStore } from '../../packages/server/src/store/duckdb/index.js';
import { foldCalls, rollups } from '../../packages/server/src/store/duckdb/rollups.js';
import { month, traffic } from './traffic.js';

/**
 * Fills a store with millions of calls in SQL, because booking them one by one would take far
 * longer than what is measured. A tenth of the month is drawn with the traffic's distributions; the
 * other tenths are that one later, with ids and sessions of their own. The roll-ups are folded from
 * the calls by the driver's own statements. Returns how many rows each table has.
 */
export async function fillStore(directory: string, calls: number): Promise<Record<string, number>> {
  await (await openDuckDbStore({ directory })).close();
  const instance = await DuckDBInstance.create(join(directory, 'farthing.duckdb'), {
    memory_limit: '2GB',
    threads: '2',
  });
  const connection = await instance.connect();
  await connection.run(`INSERT INTO journals VALUES (1, 'gateway', 1, 0)`);
  const copies = Math.max(1, Math.round(calls / 1_000_000));
  const drawn = Math.round(calls / copies);
  const span = (month.to - month.from) / copies;
  await connection.run(drawSql(drawn, span));
  for (let copy = 1; copy < copies; copy++) {
    await connection.run(copySql(copy, span));
  }
  for (const rollup of rollups) {
    await connection.run(
      `INSERT INTO ${rollup.table} BY NAME ${foldCalls(rollup, 'calls')} ORDER BY "hour"`,
    );
  }
  await connection.run('CHECKPOINT');
  const counts: Record<string, number> = {};
  for (const table of ['calls', ...rollups.map((rollup) => rollup.table)]) {
    const reader = await connection.runAndReadAll(`SELECT count(*) FROM ${table}`);
    counts[table] = Number(reader.getRows()[0]![0]);
  }
  connection.closeSync();
  instance.closeSync();
  return counts;
}

const day = 86_400_000;

/** The calls of the month's first tenth once more, `copy` tenths later. */
function copySql(copy: number, span: number): string {
  const shift = copy * span;
  const end = month.from + span;
  return `INSERT INTO calls SELECT * REPLACE (
      (format('{:012x}', epoch_ms(started_at) + ${shift})[1:8] || '-'
        || format('{:012x}', epoch_ms(started_at) + ${shift})[9:12] || (id::VARCHAR)[14:])::UUID AS id,
      started_at + to_milliseconds(${shift}) AS started_at,
      tag_session || '-${copy}' AS tag_session,
      segment + ${copy * 1000} AS segment)
    FROM calls WHERE started_at < make_timestamp(${end * 1000})`;
}

function drawSql(calls: number, span: number): string {
  const { models, segments } = traffic;
  const list = (values: readonly (string | number)[]): string =>
    `[${values.map((value) => (typeof value === 'string' ? `'${value}'` : value)).join(', ')}]`;
  const pick = (values: readonly (string | number)[], index: string): string =>
    `(${list(values)})[1 + ${index}]`;
  const random = (salt: number): string => `((hash(i, ${salt}) % 1000000) / 1000000.0)`;
  const below = (salt: number, limit: number): string => `(hash(i, ${salt}) % ${limit})::INTEGER`;
  const skewed = (salt: number, limit: number): string =>
    `floor(pow(${random(salt)}, 3) * ${limit})::INTEGER`;
  const chance = (salt: number, perThousand: number): string =>
    `hash(i, ${salt}) % 1000 < ${perThousand}`;
  const hex = (salt: number): string => `format('{:016x}', hash(i, ${salt}))`;
  const share = `(i / ${calls}.0)`;
  // More calls by day than by night: the clock runs slower around noon.
  const start = `(${month.from} + ${share} * ${span} + sin(${share} * ${(span / day) * 2} * pi()) * 9000000)::BIGINT`;
  return `INSERT INTO calls
    WITH numbers AS (SELECT range AS i FROM range(${calls})),
    drawn AS (
      SELECT i, ${start} AS ms, ${skewed(1, traffic.features)} AS feature,
        ${skewed(2, traffic.tenants)} AS tenant, ${skewed(3, 20_000)} + 200 AS duration,
        ${chance(4, traffic.errors)} AS failed, ${chance(5, traffic.unpriced)} AS unknown,
        200 + ${skewed(6, 30_000)} AS input, ${below(7, 2)} AS caching, ${skewed(8, 2000)} + 20 AS tokens,
        ${skewed(9, 3)} AS turn
      FROM numbers),
    used AS (
      SELECT *, (feature + turn) % ${models.length} AS m,
        CASE WHEN caching = 0 THEN floor(input * 0.7)::INTEGER ELSE 0 END AS cached
      FROM drawn),
    costed AS (
      SELECT *, ${pick(
        models.map(({ input }) => input),
        'm',
      )} AS rate_in,
        ${pick(
          models.map(({ output }) => output),
          'm',
        )} AS rate_out
      FROM used),
    billed AS (
      SELECT *, CASE WHEN rate_out = 0 THEN 0 ELSE tokens END AS output,
        NOT failed AND NOT unknown AS priced,
        ((input - cached)::BIGINT * rate_in * 1000) AS cost_in,
        (cached::BIGINT * rate_in * 100) AS cost_cached,
        (CASE WHEN rate_out = 0 THEN 0 ELSE tokens END::BIGINT * rate_out * 1000) AS cost_out
      FROM costed)
    SELECT
      (format('{:012x}', ms)[1:8] || '-' || format('{:012x}', ms)[9:12] || '-7' || ${hex(10)}[1:3]
        || '-a' || ${hex(10)}[4:6] || '-' || ${hex(10)}[5:16])::UUID,
      make_timestamp(ms * 1000), false, 'gateway',
      ${pick(
        models.map(({ provider }) => provider),
        'm',
      )},
      ${pick(
        models.map(({ api }) => api),
        'm',
      )},
      NULL, feature % 2 = 0,
      ${pick(
        models.map(({ model }) => model.replace(/-\d{4}-\d\d-\d\d$/, '')),
        'm',
      )},
      ${pick(
        models.map(({ model }) => model),
        'm',
      )},
      CASE WHEN failed THEN 'error' ELSE 'ok' END,
      CASE WHEN failed THEN 429 ELSE 200 END,
      CASE WHEN failed THEN 'rate_limit_exceeded' END,
      CASE WHEN ${chance(11, traffic.retries)} THEN 2 ELSE 1 END,
      duration, duration // 4,
      CASE WHEN ${chance(12, traffic.unattributed)} THEN NULL ELSE 'feature-' || feature END,
      'u_' || format('{:014x}', ${skewed(13, traffic.users)}::BIGINT * 2654435761),
      'tenant-' || tenant,
      ${pick(segments, `tenant % ${segments.length}`)},
      'agent-' || (feature % 10), '/api/feature-' || feature, 'v' || (1 + feature % 3),
      CASE WHEN ${chance(14, traffic.withRun)} THEN 'run_' || ${hex(15)} END,
      'sess_' || format('{:012x}', i // ${traffic.callsPerSession}),
      CASE WHEN ${chance(16, traffic.withTrace)} THEN ${hex(17)} || ${hex(18)} END,
      'production',
      CASE WHEN ${chance(19, traffic.withCustom)}
        THEN MAP {'release': '2026.' || (1 + i // 262144), 'team': 'team-' || (feature % 7)}
        ELSE MAP {} END,
      CASE WHEN NOT failed THEN input - cached END, CASE WHEN NOT failed THEN cached END,
      CASE WHEN NOT failed THEN 0 END, CASE WHEN NOT failed THEN 0 END,
      CASE WHEN NOT failed THEN 0 END, CASE WHEN NOT failed THEN output END,
      CASE WHEN NOT failed THEN 0 END, false,
      CASE WHEN priced THEN cost_in + cost_cached + cost_out END,
      CASE WHEN failed THEN 'not_billed' WHEN unknown THEN 'unknown_model' ELSE 'priced' END,
      CASE WHEN priced THEN 'base' END, unknown AND NOT failed,
      CASE WHEN priced THEN cost_in END, CASE WHEN priced THEN cost_cached END,
      CASE WHEN priced THEN 0 END, CASE WHEN priced THEN cost_out END,
      CASE WHEN priced THEN 0 END, NULL,
      1, 1 + i // 35000, (i % 35000) * 1900
    FROM billed`;
}
