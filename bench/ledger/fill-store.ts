import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { openDuckDbStore } from '../../packages/server/src/store/duckdb/index.js';
import { foldCalls, rollups } from '../../packages/server/src/store/duckdb/rollups.js';
import { month, traffic } from './traffic.js';

/**
 * Fills a store with millions of calls in SQL, because booking them one by one would take far
 * longer than what is measured. A tenth of the month is drawn with the traffic's distributions; the
 * other tenths are that one later, with ids, sessions and runs of their own. A session has one user and
 * one feature; a fifth of them are runs, with tools and an outcome. The roll-ups are folded from the
 * calls by the driver's own statements. Returns how many rows each table has.
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
  for (const statement of [drawSql(drawn, span), toolsSql, outcomesSql]) {
    await connection.run(statement);
  }
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

/** The calls of the month's first tenth once more, `copy` tenths later; some templates have moved on. */
function copySql(copy: number, span: number): string {
  const shift = copy * span;
  const end = month.from + span;
  return `INSERT INTO calls SELECT * REPLACE (
      (format('{:012x}', epoch_ms(started_at) + ${shift})[1:8] || '-'
        || format('{:012x}', epoch_ms(started_at) + ${shift})[9:12] || (id::VARCHAR)[14:])::UUID AS id,
      started_at + to_milliseconds(${shift}) AS started_at,
      recorded_at + to_milliseconds(${shift}) AS recorded_at,
      'v' || (tag_template_version[2:]::INTEGER + ${Math.floor(copy / 4)}) AS tag_template_version,
      tag_session || '-${copy}' AS tag_session,
      tag_run || '-${copy}' AS tag_run,
      segment + ${copy * 1000} AS segment)
    FROM calls WHERE started_at < make_timestamp(${end * 1000})`;
}

/** Uses of tools in runs: a quarter of what the runs do, at a cent each. */
const toolsSql = `UPDATE calls SET provider = 'tools', api = 'tool', model = 'web_search',
    model_requested = 'web_search', step = step || '/tool:web_search', tokens_input_uncached = 0,
    tokens_cache_read = 0, tokens_output = 0, cost = 10000000000, cost_list = 10000000000,
    cost_source = 'override', cost_input_uncached = 0, cost_cache_read = 0, cost_output = 0,
    cost_other = 10000000000, estimated_cost = NULL, estimated_input = NULL, estimated_output = NULL,
    prompt_calls = NULL, prompt_system = NULL, prompt_tools = NULL, prompt_context = NULL,
    prompt_history = NULL, prompt_user = NULL, prompt_files = NULL, cache_saved = NULL,
    cache_premium = NULL, cache_valued_tokens = NULL
  WHERE tag_run IS NOT NULL AND outcome = 'ok' AND cost IS NOT NULL AND hash(id) % 4 = 0`;

/** What became of each run, a minute after its last call: two of three succeed. */
const outcomesSql = `INSERT INTO calls SELECT * REPLACE (
      ((id::VARCHAR)[1:24] || format('{:012x}', hash(tag_run) % 281474976710656))::UUID AS id,
      started_at + to_minutes(1) AS started_at, recorded_at + to_minutes(1) AS recorded_at,
      'sdk' AS source, 'farthing' AS provider, 'outcome' AS api, NULL AS model, NULL AS model_requested,
      'unmetered' AS outcome, NULL AS http_status, NULL AS error_type, 1 AS attempt,
      0 AS duration_ms, NULL AS first_byte_ms, NULL AS step, NULL AS tag_template_version,
      MAP {'outcome': CASE WHEN hash(tag_run) % 3 = 0 THEN 'failure' ELSE 'success' END,
        'score': '1'} AS custom,
      NULL AS tokens_input_uncached, NULL AS tokens_cache_read, NULL AS tokens_cache_write,
      NULL AS tokens_cache_write_5m, NULL AS tokens_cache_write_1h, NULL AS tokens_output,
      NULL AS tokens_reasoning, 0 AS cost, 0 AS cost_list, 'not_billed' AS cost_status,
      NULL AS cost_source, 0 AS cost_input_uncached, 0 AS cost_cache_read, 0 AS cost_cache_write,
      0 AS cost_output, 0 AS cost_other, 0 AS known_change, 0 AS unknown_change,
      NULL AS estimated_cost, NULL AS estimated_input, NULL AS estimated_output,
      NULL AS prompt_calls, NULL AS prompt_system, NULL AS prompt_tools, NULL AS prompt_context,
      NULL AS prompt_history, NULL AS prompt_user, NULL AS prompt_files, NULL AS cache_saved,
      NULL AS cache_premium, NULL AS cache_valued_tokens)
    FROM calls WHERE tag_run IS NOT NULL
    QUALIFY row_number() OVER (PARTITION BY tag_run ORDER BY started_at DESC, id) = 1`;

function drawSql(calls: number, span: number): string {
  const { models, segments } = traffic;
  const list = (values: readonly (string | number)[]): string =>
    `[${values.map((value) => (typeof value === 'string' ? `'${value}'` : value)).join(', ')}]`;
  const pick = (values: readonly (string | number)[], index: string): string =>
    `(${list(values)})[1 + ${index}]`;
  const random = (salt: number, of = 'i'): string =>
    `((hash(${of}, ${salt}) % 1000000) / 1000000.0)`;
  const below = (salt: number, limit: number): string => `(hash(i, ${salt}) % ${limit})::INTEGER`;
  const skewed = (salt: number, limit: number, of = 'i'): string =>
    `floor(pow(${random(salt, of)}, 3) * ${limit})::INTEGER`;
  const chance = (salt: number, perThousand: number, of = 'i'): string =>
    `hash(${of}, ${salt}) % 1000 < ${perThousand}`;
  const hex = (salt: number, of = 'i'): string => `format('{:016x}', hash(${of}, ${salt}))`;
  const share = `(i / ${calls}.0)`;
  const session = `(i // ${traffic.callsPerSession})`;
  // More calls by day than by night: the clock runs slower around noon.
  const start = `(${month.from} + ${share} * ${span} + sin(${share} * ${(span / day) * 2} * pi()) * 9000000)::BIGINT`;
  const giant = traffic.callsOfLargestRun;
  const run = `CASE WHEN i >= ${giant} AND i < ${2 * giant} THEN '${traffic.largestRun}'
    WHEN ${chance(14, traffic.withRun, session)} THEN 'run_' || ${hex(15, session)} END`;
  const columns: Record<string, string> = {
    id: `(format('{:012x}', ms)[1:8] || '-' || format('{:012x}', ms)[9:12] || '-7' || ${hex(10)}[1:3]
        || '-a' || ${hex(10)}[4:6] || '-' || ${hex(10)}[5:16])::UUID`,
    started_at: 'make_timestamp(ms * 1000)',
    recorded_at: 'make_timestamp((ms + duration) * 1000)',
    adjustment: 'false',
    source: `'gateway'`,
    provider: pick(
      models.map(({ provider }) => provider),
      'm',
    ),
    api: pick(
      models.map(({ api }) => api),
      'm',
    ),
    stream: 'feature % 2 = 0',
    model_requested: pick(
      models.map(({ model }) => model.replace(/-\d{4}-\d\d-\d\d$/, '')),
      'm',
    ),
    model: pick(
      models.map(({ model }) => model),
      'm',
    ),
    outcome: `CASE WHEN failed THEN 'error' ELSE 'ok' END`,
    http_status: 'CASE WHEN failed THEN 429 ELSE 200 END',
    error_type: `CASE WHEN failed THEN 'rate_limit_exceeded' END`,
    attempt: `CASE WHEN ${chance(11, traffic.retries)} THEN 2 ELSE 1 END`,
    duration_ms: 'duration',
    first_byte_ms: 'duration // 4',
    tag_feature: `CASE WHEN ${chance(12, traffic.unattributed)} THEN NULL ELSE 'feature-' || feature END`,
    tag_user: `'u_' || format('{:014x}', ${skewed(13, traffic.users, session)}::BIGINT * 2654435761)`,
    tag_tenant: `'tenant-' || tenant`,
    tag_segment: pick(segments, `tenant % ${segments.length}`),
    tag_agent: `'agent-' || (feature % 10)`,
    tag_route: `'/api/feature-' || feature`,
    tag_template_version: `'v' || (1 + feature % 3)`,
    tag_run: 'run',
    tag_session: `'sess_' || format('{:012x}', ${session})`,
    tag_trace: `CASE WHEN ${chance(16, traffic.withTrace)} THEN ${hex(17)} || ${hex(18)} END`,
    tag_environment: `'production'`,
    custom: `CASE WHEN ${chance(19, traffic.withCustom)}
        THEN MAP {'release': '2026.' || (1 + i // 262144), 'team': 'team-' || (feature % 7)}
        ELSE MAP {} END`,
    tokens_input_uncached: 'CASE WHEN NOT failed THEN input - cached END',
    tokens_cache_read: 'CASE WHEN NOT failed THEN cached END',
    tokens_cache_write: 'CASE WHEN NOT failed THEN 0 END',
    tokens_cache_write_5m: 'CASE WHEN NOT failed THEN 0 END',
    tokens_cache_write_1h: 'CASE WHEN NOT failed THEN 0 END',
    tokens_output: 'CASE WHEN NOT failed THEN output END',
    tokens_reasoning: 'CASE WHEN NOT failed THEN 0 END',
    usage_estimated: 'false',
    cost: 'CASE WHEN priced THEN cost_in + cost_cached + cost_out END',
    cost_list: 'CASE WHEN priced THEN cost_in + cost_cached + cost_out END',
    cost_status: `CASE WHEN failed THEN 'not_billed' WHEN unknown THEN 'unknown_model' ELSE 'priced' END`,
    cost_source: `CASE WHEN priced THEN 'base' END`,
    known_change: 'priced::TINYINT',
    unknown_change: '(unknown AND NOT failed)::TINYINT',
    cost_input_uncached: 'CASE WHEN priced THEN cost_in END',
    cost_cache_read: 'CASE WHEN priced THEN cost_cached END',
    cost_cache_write: 'CASE WHEN priced THEN 0 END',
    cost_output: 'CASE WHEN priced THEN cost_out END',
    cost_other: 'CASE WHEN priced THEN 0 END',
    cache_saved: 'CASE WHEN priced AND cached > 0 THEN cached::BIGINT * rate_in * 900 END',
    cache_premium: 'CASE WHEN priced AND cached > 0 THEN 0 END',
    cache_valued_tokens: 'CASE WHEN priced AND cached > 0 THEN cached END',
    estimated_cost:
      'CASE WHEN priced THEN cost_in + cost_cached + 500 * rate_out::BIGINT * 1000 END',
    estimated_input: 'CASE WHEN NOT failed THEN input END',
    estimated_output: 'CASE WHEN NOT failed AND rate_out > 0 THEN 500 END',
    // One call in sixteen is taken apart, and stands for all of them.
    prompt_calls: 'CASE WHEN apart THEN 16 END',
    prompt_system: 'CASE WHEN apart THEN 16 * (input * 0.1)::BIGINT END',
    prompt_tools: 'CASE WHEN apart THEN 16 * (input * 0.2)::BIGINT END',
    prompt_context: 'CASE WHEN apart THEN 16 * (input * 0.3)::BIGINT END',
    prompt_history: 'CASE WHEN apart THEN 16 * (input * 0.3)::BIGINT END',
    prompt_user: 'CASE WHEN apart THEN 16 * (input * 0.1)::BIGINT END',
    prompt_files: 'CASE WHEN apart THEN 0 END',
    step: `CASE WHEN run IS NOT NULL AND i % 3 > 0
      THEN 'agent:planner' || CASE WHEN i % 3 = 1 THEN '/agent:researcher' ELSE '' END END`,
    journal: '1',
    segment: '1 + i // 35000',
    line_offset: '(i % 35000) * 1900',
  };
  return `INSERT INTO calls BY NAME
    WITH numbers AS (SELECT range AS i FROM range(${calls})),
    drawn AS (
      SELECT i, ${start} AS ms, ${skewed(1, traffic.features, session)} AS feature,
        ${skewed(2, traffic.tenants, session)} AS tenant, ${skewed(3, 20_000)} + 200 AS duration,
        ${chance(4, traffic.errors)} AS failed, ${chance(5, traffic.unpriced)} AS unknown,
        200 + ${skewed(6, 30_000)} AS input, ${below(7, 2)} AS caching, ${skewed(8, 2000)} + 20 AS tokens,
        ${skewed(9, 3)} AS turn, ${run} AS run, hash(i, 20) % 16 = 0 AS taken_apart
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
        NOT failed AND NOT unknown AS priced, taken_apart AND NOT failed AND rate_out > 0 AS apart,
        ((input - cached)::BIGINT * rate_in * 1000) AS cost_in,
        (cached::BIGINT * rate_in * 100) AS cost_cached,
        (CASE WHEN rate_out = 0 THEN 0 ELSE tokens END::BIGINT * rate_out * 1000) AS cost_out
      FROM costed)
    SELECT ${Object.entries(columns)
      .map(([name, value]) => `${value} AS ${name}`)
      .join(',\n      ')}
    FROM billed`;
}
