import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCommand } from '../../../test-support/run-command.js';
import { openLocalBooks } from '../../processes/local-books.js';
import { sampleEntry } from '../../store/conformance/batches.js';
import { openDuckDbStore } from '../../store/duckdb/index.js';
import { runAnswer, runsAnswer } from '../../answers/index.js';
import { answerCommand } from '../answers/answer-command.js';
import { renderRun } from '../answers/render-run.js';
import { renderRuns } from '../answers/render-runs.js';
import { reportCommand } from './report.js';

const dataDirectory = mkdtempSync(join(tmpdir(), 'farthing-report-'));
afterAll(() => rmSync(dataDirectory, { recursive: true, force: true }));

beforeAll(async () => {
  const books = await openLocalBooks({
    dataDirectory,
    openStore: (directory) => openDuckDbStore({ directory: join(directory, 'store') }),
  });
  const at = (day: number) => ({ started_at: `2026-02-0${day}T10:00:00.000Z` });
  await books.appendEntries([
    sampleEntry({ ...at(1), tags: { feature: 'search', run: 'r_1', agent: 'reader' } }),
    sampleEntry({ ...at(2), tags: { feature: 'search', run: 'r_2', agent: 'reader' } }),
    sampleEntry({ ...at(2), tags: { feature: 'search', run: 'r_2', agent: 'reader' } }),
    sampleEntry({ ...at(2), tags: { feature: '=cmd|calc', run: 'r_2' } }),
  ]);
  await books.bookAll();
  await books.close();
});

const report = (words: string) => runCommand(reportCommand, words, { dataDirectory });

test('a report is saved, listed, asked for by its name with other parameters, and removed', async () => {
  const days = '--since 2026-02-02 --until 2026-02-03';
  const saved = await report(`--save weekly --by feature ${days} --compare previous`);
  expect(saved.stdout).toContain('farthing report weekly');
  expect((await report('--list')).stdout).toMatch(/weekly .*by=feature .*compare=previous/);
  const asked = await report('weekly --json');
  expect(JSON.parse(asked.stdout).comparison.totals.calls).toMatchObject({ before: 1, change: 2 });
  const other = await report('weekly --by agent');
  expect(other.stdout).toMatch(/^reader .*\+100%/m);
  expect((await report('--remove weekly')).exitCode).toBe(0);
  const gone = await report('weekly');
  expect(gone.stderr).toContain('There is no saved report "weekly".');
});

test('what could not be asked for is not saved', async () => {
  const { exitCode, stderr } = await report('--save wrong --by featrue');
  expect(exitCode).not.toBe(0);
  expect(stderr).toContain('Did you mean "feature"?');
  expect((await report('--list')).stdout).toContain('No saved reports');
});

test('as CSV, with every digit, and no text that a spreadsheet takes for a formula', async () => {
  const { stdout } = await report('--by feature --measure calls --top 1 --format csv');
  expect(stdout.split('\r\n')).toEqual([
    'row,feature,calls,cost,cost_share',
    'group,search,3,0.005625,0.75',
    'other,,1,0.001875,0.25',
    '',
  ]);
  expect((await report('--by feature --format csv')).stdout).toContain("group,'=cmd|calc,");
  expect((await report('--format xml')).stderr).toContain('table, csv or json');
});

test('runs as a list, one as a tree, and two beside each other', async () => {
  const runs = await runCommand(
    (context) => answerCommand(context, runsAnswer, renderRuns),
    '--since 2026-02-01 --until 2026-02-03',
    { dataDirectory },
  );
  expect(runs.stdout).toMatch(/2 runs for \$0\.0075/);
  expect(runs.stdout).toMatch(/^r_2 .* 3 /m);
  const run = (words: string) =>
    runCommand((context) => answerCommand(context, runAnswer, renderRun), words, { dataDirectory });
  const tree = await run('r_2');
  expect(tree.stdout).toContain('├ agent reader');
  expect(tree.stdout).toMatch(/×2 /);
  expect((await run('r_2 --against r_1')).stdout).toMatch(/calls +1 → 2/);
  expect((await run('r_9')).stderr).toContain('farthing runs');
});
