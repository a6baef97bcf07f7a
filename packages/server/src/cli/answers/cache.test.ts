import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CacheReport, Entry } from '@farthing/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCommand } from '../../../test-support/run-command.js';
import { cacheAnswer } from '../../answers/index.js';
import { openLocalBooks } from '../../processes/local-books.js';
import { sampleEntry } from '../../store/conformance/batches.js';
import { openDuckDbStore } from '../../store/duckdb/index.js';
import type { CliContext } from '../context.js';
import { answerCommand } from './answer-command.js';
import { renderCache } from './render-cache.js';

const cacheCommand = (context: CliContext) => answerCommand(context, cacheAnswer, renderCache);
const dataDirectory = mkdtempSync(join(tmpdir(), 'farthing-cache-'));
const begin = Date.UTC(2026, 2, 1);
const now = () => new Date('2026-03-02T00:00:00.000Z');

/** Sixty calls a minute apart with the same instructions, none of them cached. */
function uncached(): Entry[] {
  return Array.from({ length: 60 }, (_, index) => {
    const at = new Date(begin + index * 60_000).toISOString();
    const entry = sampleEntry();
    return {
      ...entry,
      id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
      started_at: at,
      ended_at: at,
      provider: 'anthropic',
      model: 'claude-sonnet-4-5',
      usage: {
        ...entry.usage!,
        tokens: { ...entry.usage!.tokens, input_uncached: 5_000, cache_read: 0 },
      },
      prefixes: {
        keys: ['sharedAA', `own${String(index).padStart(5, '0')}`],
        tokens: [4_800, 5_000],
        head: 2,
      },
      tags: { feature: 'support' },
    };
  });
}

beforeAll(async () => {
  const books = await openLocalBooks({
    dataDirectory,
    openStore: (directory) => openDuckDbStore({ directory: join(directory, 'store') }),
  });
  await books.appendEntries(uncached());
  await books.bookAll();
  await books.close();
});
afterAll(() => rmSync(dataDirectory, { recursive: true, force: true }));

test('farthing cache says what would be saved, and how', async () => {
  const { stdout, exitCode } = await runCommand(cacheCommand, '--by feature', {
    dataDirectory,
    now,
  });
  expect(exitCode).toBe(0);
  const lines = stdout.split('\n');
  expect(lines[0]).toMatch(
    /^No input was read from prompt caches\. Other settings would have saved about \$0\.\d+ more/,
  );
  expect(lines.find((line) => line.startsWith('feature'))).toMatch(
    /^feature +calls +input tokens +hit ratio +net return .* could save +setting/,
  );
  expect(stdout).toMatch(/support +60 +[\d,]+ +0\.0% .* 60 s .* 5m/);
  expect(stdout).toContain('`cache_control`');
  expect(stdout).toContain('Estimated: What other settings would have saved');
});

test('--json is the report', async () => {
  const { stdout } = await runCommand(cacheCommand, '--json', { dataDirectory, now });
  const { by, rows, sample } = JSON.parse(stdout) as CacheReport;
  expect(by).toEqual(['feature', 'template_version']);
  expect(sample).toMatchObject({ calls: 60, of_calls: 60, is_whole: true });
  expect(rows[0]!.models[0]!.advice).toMatchObject({ basis: 'predicted' });
});

test('nothing to cache is said in words', async () => {
  const early = { dataDirectory, now: () => new Date('2026-02-01T00:00:00.000Z') };
  const { stdout } = await runCommand(cacheCommand, '', early);
  expect(stdout).toContain('There are no calls in this window');
});
