import { appendFileSync, cpSync, existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { beforeAll, describe, expect, test } from 'vitest';
import { runCommand } from '../../../test-support/run-command.js';
import { exportCommand } from '../export/export.js';
import { importCommand } from './import.js';
import { reportCommand } from '../report/report.js';

const newDirectory = () => mkdtempSync(join(tmpdir(), 'farthing-import-cli-'));
const at = (second: number) => new Date(Date.parse('2026-02-10T10:00:00Z') + second * 1000);
const record = (number: number, changes: object = {}) => ({
  request: `r-${number}`,
  created_at: at(number).toISOString(),
  model: 'gpt-4o-mini',
  prompt_tokens: 1000 + number,
  completion_tokens: 100,
  ...changes,
});
const map =
  'id=request,started_at=created_at,model=model,input_tokens=prompt_tokens,output_tokens=completion_tokens';

function write(text: string, name: string): string {
  const path = join(newDirectory(), name);
  writeFileSync(path, text);
  return path;
}

async function imported(dataDirectory: string, ...words: string[]) {
  const { stdout, stderr, exitCode } = await runCommand(importCommand, [...words, '--json'], {
    dataDirectory,
  });
  if (stdout === '') throw new Error(stderr);
  return { summary: JSON.parse(stdout), stderr, exitCode };
}

async function totals(dataDirectory: string) {
  const { stdout } = await runCommand(reportCommand, '--by model --since 2026-01-01 --json', {
    dataDirectory,
  });
  return JSON.parse(stdout).rows;
}

describe('Farthing’s own records', () => {
  const first = newDirectory();
  beforeAll(async () => {
    const lines = [1, 2, 3, 4].map((number) => JSON.stringify(record(number))).join('\n');
    await imported(first, write(lines, 'calls.jsonl'), '--map', map);
  });

  test('the journals of another machine are taken word for word, once', async () => {
    const other = newDirectory();
    const copy = newDirectory();
    cpSync(join(first, 'journals'), copy, { recursive: true });
    const { summary, stderr } = await imported(other, copy);
    expect(stderr).toContain('Recognised as journals.');
    expect(summary).toMatchObject({ kind: 'journals', calls: 4, imported: 4, source: null });
    expect(await totals(other)).toEqual(await totals(first));
    const again = await imported(other, 'journals', copy);
    expect(again.summary).toMatchObject({ imported: 0, already_there: 4 });
  });

  test('so is the archive; what is no entry is listed', async () => {
    const archive = join(newDirectory(), 'archive.jsonl');
    await runCommand(exportCommand, ['jsonl', '--since', '2026-01-01', '--out', archive], {
      dataDirectory: first,
    });
    appendFileSync(archive, '{"schema":1,"event":"llm.cost.tracked","id":"x","cost":{}}\n');
    const other = newDirectory();
    const { summary, exitCode } = await imported(other, archive);
    expect(summary).toMatchObject({ kind: 'archive', calls: 4, imported: 4 });
    expect(summary.unreadable.lines).toEqual([
      { file: archive, line: 5, reason: 'not an entry: `entry.id` is not a UUID' },
    ]);
    expect(exitCode).toBe(1);
    expect(await totals(other)).toEqual(await totals(first));
  });

  test('calls that a journal opens and never closes are counted, and not booked', async () => {
    const opened = { type: 'opened', schema: 1, id: '0197-a' };
    const segment = { type: 'segment', schema: 1, journal: 'gateway', segment: 1, open: [] };
    const text = [segment, opened].map((line) => JSON.stringify(line)).join('\n');
    const { summary } = await imported(newDirectory(), write(text, '0000000001.jsonl'));
    expect(summary).toMatchObject({ kind: 'journals', calls: 0, unfinished: 1 });
  });
});

test('a Parquet file is read column by column, times and large integers whole', async () => {
  const path = join(newDirectory(), 'calls.parquet');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(
    `COPY (SELECT 'r-' || n AS request, TIMESTAMP '2026-02-10 10:00:00.25' + n * INTERVAL 1 SECOND AS created_at,
      'gpt-4o-mini' AS model, 1000 + n::BIGINT AS prompt_tokens, 100 AS completion_tokens FROM range(5000) t(n))
     TO '${path}' (FORMAT parquet)`,
  );
  instance.closeSync();
  const dataDirectory = newDirectory();
  const { summary } = await imported(dataDirectory, path, '--map', map);
  expect(summary).toMatchObject({ calls: 5000, imported: 5000, unreadable: { count: 0 } });
  // Σ (1000 + n) = 17,497,500 × 0.15 + 500,000 × 0.6, each a million
  expect(summary.cost_usd).toBe('2.924625');
  expect(summary.first_call_at).toBe('2026-02-10T10:00:00.250Z');
  const again = await imported(dataDirectory, path, '--map', map);
  expect(again.summary).toMatchObject({ imported: 0, already_there: 5000 });
  const broken = await runCommand(importCommand, [write('PAR1 no', 'x.parquet'), '--map', map], {
    dataDirectory,
  });
  expect(broken.stderr).toContain('cannot be read as Parquet');
});

describe('a provider’s own usage report', () => {
  const day = 86_400;
  const from = Date.parse('2026-02-09T00:00:00Z') / 1000;
  const bucket = (index: number, changes: object = {}) => ({
    object: 'bucket',
    start_time: from + index * day,
    end_time: from + (index + 1) * day,
    results: [
      {
        object: 'organization.usage.completions.result',
        input_tokens: 50_000_000,
        input_cached_tokens: 20_000_000,
        output_tokens: 1_000_000,
        num_model_requests: 9000,
        project_id: 'proj_1',
        user_id: null,
        api_key_id: 'key_1',
        model: 'gpt-5.5',
        batch: false,
        service_tier: 'default',
        ...changes,
      },
    ],
  });
  const page = { object: 'page', data: [0, 1, 2].map((index) => bucket(index)), has_more: false };

  test('is booked by the day at the price of its requests, not of their sum', async () => {
    const dataDirectory = newDirectory();
    const { summary, stderr } = await imported(
      dataDirectory,
      write(JSON.stringify(page), 'u.json'),
    );
    expect(stderr).toContain('Recognised as openai-usage.');
    // 30 M × 5 + 20 M × 0.5 + 1 M × 30 a day: never the long-context price
    expect(summary).toMatchObject({ kind: 'openai-usage', cost_usd: '570' });
    expect(summary.models[0].tokens).toMatchObject({
      input_uncached: 90_000_000,
      cache_read: 60_000_000,
      output: 3_000_000,
    });
    const again = await imported(dataDirectory, write(JSON.stringify([page]), 'u.json'));
    expect(again.summary.imported).toBe(0);
  });

  test('never beside the calls of a day, whichever comes first', async () => {
    const calls = write(JSON.stringify(record(1)), 'calls.jsonl');
    const report = write(JSON.stringify(page), 'u.json');
    const callsFirst = newDirectory();
    await imported(callsFirst, calls, '--map', map);
    const { summary } = await imported(callsFirst, report);
    // The calls are of 2026-02-10, which is the second of the three days.
    expect(summary).toMatchObject({ cost_usd: '380' });
    expect(summary.left_out).toBeGreaterThan(0);
    expect(summary.notes.join()).toContain('Sums of 2026-02-10 are left out');
    const reportFirst = newDirectory();
    await imported(reportFirst, report);
    const late = await imported(reportFirst, calls, '--map', map);
    expect(late.summary).toMatchObject({ calls: 0, left_out: 1, imported: 0 });
    expect(late.summary.notes.join()).toContain('Calls of 2026-02-10 are left out');
  });

  test('leaves the day that is not over', async () => {
    const today = { ...page, data: [bucket(21)] };
    const { summary } = await imported(newDirectory(), write(JSON.stringify(today), 'u.json'));
    expect(summary).toMatchObject({ calls: 0, other_records: 1 });
  });

  test('of Anthropic has the long context in a field of its own', async () => {
    const result = (window: string) => ({
      uncached_input_tokens: 1_000_000,
      cache_creation: { ephemeral_1h_input_tokens: 0, ephemeral_5m_input_tokens: 0 },
      cache_read_input_tokens: 0,
      output_tokens: 1000,
      server_tool_use: { web_search_requests: 0 },
      api_key_id: 'apikey_1',
      workspace_id: null,
      model: 'claude-sonnet-4-5-20250929',
      service_tier: 'standard',
      context_window: window,
    });
    const report = {
      data: [
        {
          starting_at: '2026-02-09T00:00:00Z',
          ending_at: '2026-02-10T00:00:00Z',
          results: [result('0-200k'), result('200k-1M')],
        },
      ],
      has_more: false,
    };
    const { summary } = await imported(newDirectory(), write(JSON.stringify(report), 'a.json'));
    // 3 + 0.015, and 6 + 0.0225 at the long-context price
    expect(summary).toMatchObject({ kind: 'anthropic-usage', calls: 2, cost_usd: '9.0375' });
  });
});

test('for people it says what came of each model, and what to do next', async () => {
  const text = [record(1), record(2, { model: 'mystery-9' })].map((one) => JSON.stringify(one));
  const dataDirectory = newDirectory();
  const { stdout, exitCode } = await runCommand(
    importCommand,
    [write(`${text.join('\n')}\n{"torn\n`, 'calls.jsonl'), '--map', map, '--dry-run'],
    { dataDirectory },
  );
  expect(exitCode).toBe(1);
  expect(stdout).toContain('2 would be imported as import:custom, 0 already there');
  expect(stdout).toMatch(/gpt-4o-mini +1 +0 +1,001 +0 +0 +100 +\$0\.00021/);
  expect(stdout).toMatch(/mystery-9 +1 +1/);
  expect(stdout).toContain('line 3: not JSON');
  expect(existsSync(join(dataDirectory, 'imports'))).toBe(false);
});
