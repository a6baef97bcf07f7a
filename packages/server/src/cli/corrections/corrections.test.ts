import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCommand } from '../../../test-support/run-command.js';
import { openLocalBooks } from '../../processes/local-books.js';
import { sampleEntry } from '../../store/conformance/batches.js';
import { openDuckDbStore } from '../../store/duckdb/index.js';
import { adjustCommand } from './adjust.js';
import { closeCommand } from './close.js';
import { reportCommand } from '../report/report.js';
import { repriceCommand } from './reprice.js';
import { restatementCommand } from './restatement.js';

let dataDirectory = '';
const now = (): Date => new Date('2026-04-10T12:00:00.000Z');
const settings = () => ({ dataDirectory, now });

/** Two calls of March: one that the price list knows by now, one at its price. */
beforeAll(async () => {
  dataDirectory = mkdtempSync(join(tmpdir(), 'farthing-corrections-'));
  const books = await openLocalBooks({
    dataDirectory,
    openStore: (directory) => openDuckDbStore({ directory: join(directory, 'store') }),
  });
  const cost = { usd: null, status: 'unknown_model' as const, reason: 'no price', charges: [] };
  await books.appendEntries([
    sampleEntry({ cost, recorded_at: '2026-03-01T15:00:00.000Z' }),
    sampleEntry({ recorded_at: '2026-03-01T15:00:00.000Z' }),
  ]);
  await books.bookAll();
  await books.close();
});
afterAll(() => rm(dataDirectory, { recursive: true, force: true }));

test('a month is closed, corrected and restated by commands alone', async () => {
  const closed = await runCommand(closeCommand, '2026-03 --as-of 2026-04-02', settings());
  expect(closed.stdout).toContain(
    '2026-03 is closed as of 2026-04-02 00:00:00 UTC: 2 calls, $0.001875. 1 call has no price',
  );

  const dry = await runCommand(
    repriceCommand,
    '--since 2026-03 --until 2026-04 --dry-run',
    settings(),
  );
  expect(dry.stdout).toContain('unknown  $0.001875   $0.001875');
  expect(dry.stdout).toContain(
    'A dry run: nothing was booked. Without --dry-run, 1 adjusting entry',
  );
  const made = await runCommand(repriceCommand, '--since 2026-03 --until 2026-04', settings());
  expect(made.stdout).toContain('1 adjusting entry booked');

  const credit = await runCommand(
    adjustCommand,
    [
      ...'--amount -0.001 --provider openai --at 2026-03-31 --template-version v2'.split(' '),
      '--why',
      'credit note 17',
    ],
    settings(),
  );
  expect(credit.stdout).toContain('Booked -$0.001 (openai) at 2026-03-31 00:00:00 UTC');

  const { stdout } = await runCommand(restatementCommand, '2026-03', settings());
  expect(stdout.split('\n').map((line) => line.trim().split(/ {2,}/))).toEqual([
    ['2026-03, closed as of 2026-04-02 00:00:00 UTC by ada'],
    [''],
    ['model', 'calls', 'adjustments', 'cost'],
    ['as closed', '2', '$0.001875'],
    ['adjusted: price', 'openai/gpt-4o-2024-08-06', '1', '$0.001875'],
    ['adjusted: manual', 'openai', '1', '-$0.001'],
    ['as known now', '2', '$0.00275'],
    ['difference', '0', '2', '$0.000875'],
    [''],
  ]);
});

test('late calls stand above their adjustments, and an unknown cost is no cost of nothing', async () => {
  const again = ['2026-03', '--again', '--as-of', '2026-04-02'];
  await runCommand(closeCommand, again, settings());
  const books = await openLocalBooks({
    dataDirectory,
    openStore: (directory) => openDuckDbStore({ directory: join(directory, 'store') }),
  });
  const cost = { usd: null, status: 'unknown_model' as const, reason: 'no price', charges: [] };
  const recorded = { recorded_at: '2026-04-05T00:00:00.000Z', source: 'import:late' };
  await books.appendEntries([
    sampleEntry({ ...recorded, cost, model: 'acme-ranker-1' }),
    sampleEntry({ ...recorded }),
  ]);
  await books.close();

  const { stdout } = await runCommand(restatementCommand, '2026-03', settings());
  const lines = stdout.split('\n').map((line) => line.trim().split(/ {2,}/));
  expect(lines.slice(3, 8)).toEqual([
    ['as closed', '2', '$0.001875'],
    ['late: import:late', 'openai/gpt-4o-2024-08-06', '1', '$0.001875'],
    ['late: import:late', 'openai/acme-ranker-1', '1', 'unknown'],
    ['adjusted: price', 'openai/gpt-4o-2024-08-06', '1', '$0.001875'],
    ['adjusted: manual', 'openai', '1', '-$0.001'],
  ]);
  expect(stdout).toContain('1 late call was booked without a known cost');
  const { stdout: json } = await runCommand(restatementCommand, '2026-03 --json', settings());
  expect(JSON.parse(json)).toMatchObject({
    late: [
      { calls_without_cost: 0, cost: '0.001875' },
      { calls_without_cost: 1, cost: null },
    ],
    arrived_late: '0.001875',
    unexplained: '0',
  });
});

test('a report says as of when it is', async () => {
  const words = '--by model --since 2026-03 --until 2026-04 --as-of closed';
  const { stdout } = await runCommand(reportCommand, words, settings());
  expect(stdout).toContain('as known at 2026-04-02 00:00:00 UTC');
  expect(stdout).toContain('Unpriced: 1 of 2 calls');
});

test('a report shows the money of adjustments where there are no calls', async () => {
  await runCommand(
    adjustCommand,
    [...'--amount 3 --provider openai --at 2026-02-15'.split(' '), '--why', 'invoice difference'],
    settings(),
  );
  const words = '--by provider,source --since 2026-02 --until 2026-03';
  const { stdout } = await runCommand(reportCommand, words, settings());
  expect(stdout).toMatch(/openai +manual +\$3\.0+ +0 +– /);
  expect(stdout).toContain('No calls here: these are 1 adjusting entry alone.');
  const none = await runCommand(reportCommand, '--since 2026-01 --until 2026-02', settings());
  expect(none.stdout).toContain('No calls in this window');
});

test.each([
  ['no beginning', repriceCommand, '', /--since/],
  ['no reason', adjustCommand, '--amount 1 --provider openai --at today', /--why/],
  [
    'an amount of nothing',
    adjustCommand,
    '--amount 0 --provider x --at today --why y',
    /adjusts nothing/,
  ],
  [
    'what is no amount',
    adjustCommand,
    '--amount ten --provider x --at today --why y',
    /not a plain decimal/,
  ],
  ['what is no month', closeCommand, 'march', /not a month/],
])('%s is a wrong command line', async (_, build, words, message) => {
  const { exitCode, stderr } = await runCommand(build, words, settings());
  expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringMatching(message) });
});

test.each([
  ['a month that runs still', closeCommand, '2026-04', /is not over/],
  ['a month that was closed', closeCommand, '2026-03', /--again/],
  ['a month that was never closed', restatementCommand, '2026-01', /farthing close 2026-01/],
])('%s is refused with what to do', async (_, build, words, message) => {
  const { exitCode, stderr } = await runCommand(build, words, settings());
  expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringMatching(message) });
});
