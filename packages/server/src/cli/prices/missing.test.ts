import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { runCommand } from '../../../test-support/run-command.js';
import { openLocalBooks } from '../../processes/local-books.js';
import { sampleEntry } from '../../store/conformance/batches.js';
import { openDuckDbStore } from '../../store/duckdb/index.js';
import { pricesCommand } from './prices.js';

let dataDirectory = '';
beforeEach(() => {
  dataDirectory = mkdtempSync(join(tmpdir(), 'farthing-missing-'));
});
afterEach(() => rm(dataDirectory, { recursive: true, force: true }));

/** What `prices missing` says where these models have been called without a price. */
async function missing(...models: string[]): Promise<string> {
  const books = await openLocalBooks({
    dataDirectory,
    openStore: (directory) => openDuckDbStore({ directory: join(directory, 'store') }),
  });
  const cost = {
    usd: null,
    status: 'unknown_model' as const,
    reason: 'no price for it',
    charges: [],
  };
  await books.appendEntries(models.map((model) => sampleEntry({ model, cost })));
  await books.bookAll();
  await books.close();
  const { stdout } = await runCommand(pricesCommand, 'missing', { dataDirectory });
  return stdout;
}

test('one model has its snippet and its command', async () => {
  const stdout = await missing('gpt-house');
  expect(stdout).toMatch(/In farthing\.yaml:\n {4}prices:\n {6}- provider: openai\n/);
  expect(stdout).toMatch(/Or, without a restart:\n {4}farthing prices set .*RATE/);
  expect(stdout).toContain('RATE stands for USD per million tokens');
});

test('several models have one snippet that can be pasted as it is', async () => {
  const stdout = await missing('gpt-house', 'gpt-nova');
  const [, block = ''] = stdout.split('Or all of them in farthing.yaml:\n');
  const document = parse(block.split('\n\n')[0]!) as { prices: { model: string }[] };
  expect(document.prices.map(({ model }) => model).toSorted()).toEqual(['gpt-house', 'gpt-nova']);
  expect(stdout).not.toContain('same_as');
});

test('a call whose price is known by now lacks nothing, and needs no rate', async () => {
  const stdout = await missing('gpt-4.1');
  expect(stdout).toMatch(/There is a price by now: "farthing reprice --since .*" books it\.\n$/);
  expect(stdout).not.toMatch(/no price for it|RATE/);
});
