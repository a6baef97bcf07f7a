import { execFile, spawn } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { ImportSummary } from '@farthing/core';
import { describe, expect, test } from 'vitest';
import { program } from '../support/farthing-process.js';

const run = promisify(execFile);
const newDirectory = () => mkdtempSync(join(tmpdir(), 'farthing-import-'));
const data = fileURLToPath(new URL('../../../shared/data/', import.meta.url));
const claudeFixtures = join(data, 'ccusage/apps/ccusage/test/fixtures/claude');
const codexFixtures = join(data, 'ccusage/apps/ccusage/test/fixtures/codex');
const transcripts = join(data, 'claude-code-log/test/test_data');

async function farthing(dataDirectory: string, ...words: string[]) {
  const { stdout } = await run(process.execPath, [program, '--data', dataDirectory, ...words], {
    env: { ...process.env, FARTHING_LOG_LEVEL: 'error' },
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout;
}

/** The exit code is 1 where lines could not be read; what was read is told all the same. */
async function importJson(dataDirectory: string, ...words: string[]): Promise<ImportSummary> {
  try {
    return JSON.parse(await farthing(dataDirectory, 'import', ...words, '--json'));
  } catch (error) {
    const { stdout, code } = error as { stdout?: string; code?: number };
    if (code !== 1 || stdout === undefined || stdout === '') throw error;
    const summary: ImportSummary = JSON.parse(stdout);
    expect(summary.unreadable.count).toBeGreaterThan(0);
    return summary;
  }
}

interface ModelTotals {
  input: number;
  output: number;
  cache_write: number;
  cache_read: number;
}

/** What ccusage makes of the same files, by model; prices from its own offline copy. */
async function ccusage(
  configDirectory: string,
): Promise<Map<string, ModelTotals & { cost: number }>> {
  const entry = createRequire(import.meta.url).resolve('ccusage');
  const { stdout } = await run(
    process.execPath,
    [
      entry,
      'daily',
      '--json',
      '--offline',
      '--breakdown',
      '--mode',
      'calculate',
      '--timezone',
      'UTC',
    ],
    {
      env: {
        ...process.env,
        CLAUDE_CONFIG_DIR: configDirectory,
        HOME: configDirectory,
        LOG_LEVEL: '0',
      },
      cwd: dirname(configDirectory),
    },
  );
  const totals = new Map<string, ModelTotals & { cost: number }>();
  for (const day of JSON.parse(stdout.slice(stdout.indexOf('{'))).daily) {
    for (const row of day.modelBreakdowns) {
      const sums = totals.get(row.modelName) ?? {
        input: 0,
        output: 0,
        cache_write: 0,
        cache_read: 0,
        cost: 0,
      };
      sums.input += row.inputTokens;
      sums.output += row.outputTokens;
      sums.cache_write += row.cacheCreationTokens;
      sums.cache_read += row.cacheReadTokens;
      sums.cost += row.cost;
      totals.set(row.modelName, sums);
    }
  }
  return totals;
}

function ours(summary: ImportSummary): Map<string, ModelTotals> {
  return new Map(
    summary.models.map(({ model, tokens }) => [
      model ?? '',
      {
        input: tokens.input_uncached,
        output: tokens.output,
        cache_write: tokens.cache_write_5m + tokens.cache_write_1h,
        cache_read: tokens.cache_read,
      },
    ]),
  );
}

const withoutCost = (totals: Map<string, ModelTotals & { cost: number }>) =>
  new Map(
    [...totals].map(([model, { input, output, cache_write, cache_read }]) => [
      model,
      { input, output, cache_write, cache_read },
    ]),
  );

describe.skipIf(!existsSync(data))('real logs (../shared/data, absent here if skipped)', () => {
  test('Claude Code: every answer once, at hand-checked prices', async () => {
    const summary = await importJson(newDirectory(), 'claude-code', claudeFixtures);
    expect(summary).toMatchObject({ calls: 5, imported: 5, unreadable: { count: 0 } });
    const costs = Object.fromEntries(
      summary.models.map(({ model, cost_usd: usd }) => [model, usd]),
    );
    expect(costs).toEqual({
      // (400 × 3 + 25 × 3.75 + 50 × 0.3 + 175 × 15) / 10⁶
      'claude-sonnet-4-20250514': '0.00393375',
      // (130 × 1 + 15 × 1.25 + 40 × 0.1 + 60 × 5) / 10⁶
      'claude-haiku-4-5-20251001': '0.00045275',
      // Fast mode has no price for this model: the answer is kept, and its cost unknown.
      'claude-opus-4-20250514': '0',
    });
    expect(summary.unpriced).toMatchObject([{ model: 'claude-opus-4-20250514', calls: 1 }]);
    expect(summary.comparison).toMatchObject({ calls: 4, recorded_usd: '0.75' });
  });

  test('Codex: each turn at the model that the count names', async () => {
    const summary = await importJson(newDirectory(), 'codex', codexFixtures);
    expect(summary).toMatchObject({ calls: 2, unreadable: { count: 0 } });
    expect(
      summary.models.map(({ model, tokens, cost_usd: usd }) => [model, tokens.output, usd]),
    ).toEqual([
      // (2000 × 1.75 + 500 × 0.175 + 300 × 14) / 10⁶
      ['gpt-5.3-codex', 300, '0.0077875'],
      // (750 × 1.75 + 250 × 0.175 + 125 × 14) / 10⁶
      ['gpt-5.2-codex', 125, '0.00310625'],
    ]);
  });

  test('transcripts with damaged and foreign lines are read as far as they can be', async () => {
    const summary = await importJson(newDirectory(), 'claude-code', transcripts);
    // 16 lines state usage; two of them are one answer.
    expect(summary).toMatchObject({ calls: 15, repeated: 1, imported: 15 });
    expect(summary.unreadable.lines.map(({ line }) => line)).toEqual([13, 15, 16]);
    // (558 × 3 + 830 × 15) / 10⁶ and (883 × 3 + 328 × 15) / 10⁶
    expect(summary.models.map(({ cost_usd: usd }) => usd)).toEqual(['0.014124', '0.007569']);
  });

  test('ccusage counts the same tokens in the same files', async () => {
    const summary = await importJson(newDirectory(), 'claude-code', claudeFixtures);
    const theirs = await ccusage(claudeFixtures);
    // Fast mode: ccusage gives it a name of its own, and the price of the standard speed.
    const fast = theirs.get('claude-opus-4-20250514-fast')!;
    theirs.delete('claude-opus-4-20250514-fast');
    theirs.set('claude-opus-4-20250514', fast);
    expect(ours(summary)).toEqual(withoutCost(theirs));
    const priced = summary.models.filter(({ unpriced }) => unpriced === 0);
    expect(priced).toHaveLength(2);
    for (const { model, cost_usd: usd } of priced) {
      expect(theirs.get(model!)!.cost).toBeCloseTo(Number(usd), 12);
    }
  });
});

describe('beside ccusage 18.0.11, on the same logs', () => {
  const second = (at: number) =>
    new Date(Date.parse('2026-03-02T10:00:00Z') + at * 1000).toISOString();
  const sonnet = 'claude-sonnet-4-5-20250929';
  const line = (id: number, at: number, output: number, changes: Record<string, unknown> = {}) =>
    JSON.stringify({
      type: 'assistant',
      sessionId: 's1',
      version: '2.0.1',
      cwd: '/home/ada/work/shop',
      timestamp: second(at),
      requestId: `req_${id}`,
      isSidechain: false,
      message: {
        id: `msg_01${String(id).padStart(22, '0')}`,
        role: 'assistant',
        model: sonnet,
        content: [],
        stop_reason: 'end_turn',
        usage: {
          input_tokens: 100,
          output_tokens: output,
          cache_creation_input_tokens: 0,
          cache_read_input_tokens: 0,
        },
      },
      ...changes,
    });

  async function both(lines: string[]) {
    const config = newDirectory();
    const project = join(config, 'projects', '-home-ada-work-shop');
    mkdirSync(project, { recursive: true });
    writeFileSync(join(project, 's1.jsonl'), `${lines.join('\n')}\n`);
    const summary = await importJson(newDirectory(), 'claude-code', config);
    return { ours: ours(summary).get(sonnet)!, theirs: (await ccusage(config)).get(sonnet)! };
  }

  test('answers that stand in several equal lines, and in resumed sessions, are the same', async () => {
    const { ours, theirs } = await both([
      line(1, 1, 50),
      line(1, 2, 50),
      line(2, 9, 70),
      line(1, 1, 50, { sessionId: 'resumed' }),
    ]);
    expect(ours).toMatchObject({ input: 200, output: 120 });
    expect(theirs).toMatchObject({ input: 200, output: 120 });
  });

  test('of growing snapshots it keeps the first, we the last', async () => {
    const { ours, theirs } = await both([line(1, 1, 3), line(1, 2, 3), line(1, 4, 900)]);
    expect(ours.output).toBe(900);
    expect(theirs.output).toBe(3);
  });

  test('a side chain’s replay under another request it counts again, we do not', async () => {
    const { ours, theirs } = await both([
      line(1, 1, 50),
      line(1, 5, 50, { requestId: 'req_other', isSidechain: true }),
    ]);
    expect(ours).toMatchObject({ input: 100, output: 50 });
    expect(theirs).toMatchObject({ input: 200, output: 100 });
  });
});

/** A mapped log: `count` calls, some bytes each. */
function writeCalls(path: string, count: number): void {
  let text = '';
  for (let number = 0; number < count; number++) {
    const at = new Date(Date.parse('2026-03-02T10:00:00Z') + number * 10).toISOString();
    text += `${JSON.stringify({ id: number, at, model: 'gpt-4o-mini', in: 1000, out: 100, note: 'x'.repeat(100) })}\n`;
    if (text.length > 1_000_000) {
      appendFileSync(path, text);
      text = '';
    }
  }
  appendFileSync(path, text);
}
const map = 'id=id,started_at=at,model=model,input_tokens=in,output_tokens=out';

test('an import that was killed goes on where it was; each call is booked once', async () => {
  const dataDirectory = newDirectory();
  const path = join(newDirectory(), 'calls.jsonl');
  const total = 20_000;
  writeCalls(path, total);
  const words = ['--data', dataDirectory, 'import', path, '--map', map];
  const child = spawn(process.execPath, [program, ...words], { stdio: 'ignore' });
  const gone = new Promise((resolve) => child.once('exit', resolve));
  const checkpoints = join(dataDirectory, 'imports');
  // Killed as soon as it has noted that it came some way.
  for (;;) {
    const noted = existsSync(checkpoints) ? readdirSync(checkpoints) : [];
    const name = noted.find((file) => file.endsWith('.json'));
    if (name !== undefined) {
      const { files } = JSON.parse(readFileSync(join(checkpoints, name), 'utf8'));
      if ((files[path]?.line ?? 0) > 0) break;
    }
    if (child.exitCode !== null) throw new Error('it was over before it could be killed');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  child.kill('SIGKILL');
  await gone;

  const rest = await importJson(dataDirectory, path, '--map', map);
  expect(rest.calls).toBeLessThan(total);
  expect(rest.calls).toBeGreaterThan(0);
  const again = await importJson(dataDirectory, path, '--map', map, '--dry-run');
  expect(again).toMatchObject({ calls: total, imported: 0, already_there: total });
  const report = JSON.parse(
    await farthing(dataDirectory, 'report', '--by', 'model', '--since', '2026-03-01', '--json'),
  );
  // 20,000 × (1000 × 0.15 + 100 × 0.6) / 10⁶
  expect(report.rows).toMatchObject([{ model: 'gpt-4o-mini', calls: total, cost: '4.2' }]);
});

test('--watch books what an agent writes while it works, until it is told to stop', async () => {
  const dataDirectory = newDirectory();
  const config = newDirectory();
  const project = join(config, 'projects', 'shop');
  mkdirSync(project, { recursive: true });
  const log = join(project, 's1.jsonl');
  const answer = (id: number, output: number) =>
    `${JSON.stringify({
      type: 'assistant',
      sessionId: 's1',
      timestamp: new Date().toISOString(),
      requestId: `req_${id}`,
      message: {
        id: `msg_01${String(id).padStart(22, '0')}`,
        model: 'claude-sonnet-4-5-20250929',
        stop_reason: output > 10 ? 'end_turn' : null,
        usage: { input_tokens: 10, output_tokens: output },
      },
    })}\n`;
  writeFileSync(log, answer(1, 5));
  const words = ['--data', dataDirectory, 'import', 'claude-code', config, '--watch', '--json'];
  const child = spawn(process.execPath, [program, ...words]);
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const said = async (text: string) => {
    for (let tries = 0; !stderr.includes(text); tries++) {
      if (tries > 2000 || child.exitCode !== null)
        throw new Error(`never said "${text}":\n${stderr}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  await said('0 calls so far. Watching');
  appendFileSync(log, answer(1, 500) + answer(2, 60).slice(0, 90));
  await said('1 calls so far');
  appendFileSync(log, answer(2, 60).slice(90));
  await said('2 calls so far');
  child.kill('SIGINT');
  expect(await ended).toBe(0);
  const summary: ImportSummary = JSON.parse(stdout);
  expect(summary).toMatchObject({ calls: 2, imported: 2, models: [{ tokens: { output: 560 } }] });
});
