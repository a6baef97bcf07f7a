import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommand } from '../../../test-support/run-command.js';
import { sampleEntry } from '../../store/conformance/batches.js';
import { adjustCommand } from './adjust.js';
import { closeCommand } from './close.js';
import { repriceCommand } from './reprice.js';
import { openLocalBooks } from '../../processes/local-books.js';
import { openDuckDbStore } from '../../store/duckdb/index.js';

let dataDirectory = '';
const settings = () => ({ dataDirectory, now: () => new Date('2026-04-10T12:00:00.000Z') });
const openBooks = () =>
  openLocalBooks({
    dataDirectory,
    openStore: (directory) => openDuckDbStore({ directory: join(directory, 'store') }),
  });
const adjust = (words: string, why = 'credit note 17') =>
  runCommand(adjustCommand, [...words.split(' '), '--why', why], settings());
const adjustments = async () => {
  const books = await openBooks();
  const { rows } = await books.store.query({ measures: ['adjustments'] });
  await books.close();
  return Number(rows[0]?.['adjustments'] ?? 0);
};

beforeAll(async () => {
  dataDirectory = mkdtempSync(join(tmpdir(), 'farthing-adjust-'));
  const books = await openBooks();
  await books.appendEntries([sampleEntry({ provider: 'house-llm', model: 'gpt-5-mini' })]);
  await books.bookAll();
  await books.close();
});
afterAll(() => rm(dataDirectory, { recursive: true, force: true }));

describe('what is booked for good is looked at first', () => {
  test.each([
    [
      '--amount 3 --provider openai --at 2027-10-31',
      'credit',
      /--at 2027-10-31 lies in the future/,
    ],
    ['--amount 3 --provider openai --at 2026-03-31', ' ', /--why is empty/],
  ])('%s (%s) is refused', async (words, why, message) => {
    const { exitCode, stderr } = await adjust(words, why);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(message);
  });

  test('a dry run says what would be booked, and who may have been meant', async () => {
    const words = '--amount 3 --provider opnai --at 2026-03-31 --dry-run';
    const { stdout, stderr } = await adjust(words);
    expect(stdout).toMatch(/^Would book \$3 \(opnai\) at 2026-03-31 .*Nothing was booked/);
    expect(stderr).toMatch(/has a provider "opnai"\. Did you mean "openai"\?/);
    expect(JSON.parse((await adjust(`${words} --json`)).stdout)).toMatchObject({
      dry_run: true,
      usd: '3',
      provider: 'opnai',
    });
    expect(await adjustments()).toBe(0);
  });

  test('a provider that only recorded calls have is known', async () => {
    const { stderr } = await adjust('--amount 3 --provider house-llm --at 2026-03-31 --dry-run');
    expect(stderr).not.toContain('has a provider');
  });
});

test('repricing nothing says which name is unheard of', async () => {
  const { stderr } = await runCommand(
    repriceCommand,
    '--since 2026-03 --provider opneai --model gtp-5-mini',
    settings(),
  );
  expect(stderr).toMatch(/provider "opneai"\. Did you mean "openai"\?/);
  expect(stderr).toMatch(/model "gtp-5-mini"\. Did you mean "gpt-5-mini"\?/);
});

test('closing a month without any entry warns', async () => {
  const { stdout, stderr } = await runCommand(closeCommand, '2026-1', settings());
  expect(stdout).toContain('2026-01 is closed');
  expect(stderr).toMatch(/No call and no adjustment stands in 2026-01/);
});
