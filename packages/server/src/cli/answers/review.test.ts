import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Review } from '@farthing/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bookTwoWeeks } from '../../../test-support/two-weeks.js';
import { runCommand } from '../../../test-support/run-command.js';
import { reviewCommand } from './review.js';

const dataDirectory = mkdtempSync(join(tmpdir(), 'farthing-review-'));
const now = () => new Date('2026-03-15T00:00:00.000Z');

beforeAll(() => bookTwoWeeks(dataDirectory));
afterAll(() => rmSync(dataDirectory, { recursive: true, force: true }));

const run = (flags: string) => runCommand(reviewCommand, flags, { dataDirectory, now });

test('--json has every section with something to say, and what to do by money', async () => {
  const { stdout } = await run('--json');
  const review = JSON.parse(stdout) as Review;
  expect(review.frame.notes).toEqual([]);
  const ids = review.sections.map(({ id }) => id);
  expect(ids).toEqual(expect.arrayContaining(['spend', 'features', 'substitutions', 'batchable']));
  expect(ids).not.toContain('budgets');
  // Digests: 60 × 7 calls of 3,000 × $2 + 1,500 × $8 per million, of which half is saved: $3.78.
  const batch = review.actions.find(({ section }) => section === 'batchable')!;
  expect(batch).toMatchObject({
    title: 'Send digests as batches',
    monthly_usd: '16.2',
    command: 'farthing whatif --batch --feature digests --since 7d',
  });
  const amounts = review.actions.map(({ monthly_usd: usd }) => Number(usd));
  expect(amounts).toEqual(amounts.toSorted((a, b) => b - a));
  expect(stdout).not.toMatch(/NaN|Infinity|undefined/);
});

test('piped it is Markdown, in which names of features are no markup', async () => {
  const { stdout } = await run('');
  expect(stdout).toMatch(/^# Cost review, 8 Mar to 14 Mar 2026\n\n\*\*.*digests/);
  expect(stdout).toContain(String.raw`| \<b\>classifier\</b\> |`);
  expect(stdout).toMatch(/## (One thing|Two things|Three things) to do this week\n\n1\. /);
  expect(stdout.trimEnd().split('\n## ').at(-1)).toContain('to do this week');
});

test('--html writes one file that loads nothing and runs nothing', async () => {
  const file = join(dataDirectory, 'review.html');
  const { stdout } = await run(`--html ${file}`);
  expect(stdout).toContain(`Written to ${file}.`);
  const page = readFileSync(file, 'utf8');
  expect(page).toContain('<svg role="img"');
  expect(page).toContain('&lt;b&gt;classifier&lt;/b&gt;');
  expect(page).not.toMatch(/<b>classifier|<b><b>/);
  expect(page).not.toMatch(/<script|https?:|src=|NaN|Infinity|undefined/);
});

test('of a week without calls it says so', async () => {
  const { stdout } = await run('--since 2025-01-01 --until 2025-01-08 --json');
  const review = JSON.parse(stdout) as Review;
  expect(review.sections).toEqual([]);
  expect(review.summary).toContain('No calls in this window');
});
