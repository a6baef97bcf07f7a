import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { outcomeApi, type Entry } from '@farthing/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCommand } from '../../../test-support/run-command.js';
import { openLocalBooks } from '../../processes/local-books.js';
import { sampleEntry } from '../../store/conformance/batches.js';
import { openDuckDbStore } from '../../store/duckdb/index.js';
import { reportCommand } from './report.js';

const dataDirectory = mkdtempSync(join(tmpdir(), 'farthing-report-outcomes-'));
afterAll(() => rmSync(dataDirectory, { recursive: true, force: true }));

/** What `outcome(run, { success })` of the SDK writes. */
const outcome: Partial<Entry> = {
  source: 'sdk',
  provider: 'farthing',
  api: outcomeApi,
  model: null,
  model_requested: null,
  outcome: 'unmetered',
  usage: null,
  cost: { usd: '0', status: 'not_billed', reason: 'the outcome of a run', charges: [] },
  tags: { feature: 'search', run: 'r_1', custom: { outcome: 'success' } },
};

beforeAll(async () => {
  const books = await openLocalBooks({
    dataDirectory,
    openStore: (directory) => openDuckDbStore({ directory: join(directory, 'store') }),
  });
  await books.appendEntries([
    sampleEntry({ tags: { feature: 'search', run: 'r_1' } }),
    sampleEntry({ tags: { feature: 'chat' } }),
    sampleEntry(outcome),
  ]);
  await books.bookAll();
  await books.close();
});

const report = async (words: string) =>
  (await runCommand(reportCommand, words, { dataDirectory })).stdout;

test.each(['--by model', '--by provider', '--by model --bucket day', '--by model --top 3'])(
  'what became of a run is no row of %s',
  async (words) => {
    expect(await report(words)).not.toMatch(/\(unknown\)|farthing|all others/);
    const { rows, other, totals } = JSON.parse(await report(`${words} --json`));
    expect([rows.length, other.length]).toEqual([1, 0]);
    expect(rows[0]).toMatchObject({ cost: totals.cost, calls: totals.calls });
    expect(totals.calls).toBe(2);
  },
);

test('and none among the lines of a CSV', async () => {
  expect((await report('--by provider --format csv')).trim().split('\n')).toHaveLength(2);
});
