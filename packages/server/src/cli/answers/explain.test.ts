import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExplainReport } from '@farthing/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCommand } from '../../../test-support/run-command.js';
import { switchedTemplate } from '../../../test-support/switched-template.js';
import { explainAnswer, templatesAnswer } from '../../answers/index.js';
import { openLocalBooks } from '../../processes/local-books.js';
import { openDuckDbStore } from '../../store/duckdb/index.js';
import type { CliContext } from '../context.js';
import { answerCommand } from './answer-command.js';
import { renderExplain } from './render-explain.js';
import { renderTemplates } from './render-templates.js';
import { renderWaterfall } from './render-waterfall.js';

const explainCommand = (context: CliContext) =>
  answerCommand(context, explainAnswer, renderExplain);
const templatesCommand = (context: CliContext) =>
  answerCommand(context, templatesAnswer, renderTemplates);

const dataDirectory = mkdtempSync(join(tmpdir(), 'farthing-explain-'));
const now = () => new Date('2026-03-05T00:00:00.000Z');
beforeAll(async () => {
  const books = await openLocalBooks({
    dataDirectory,
    openStore: (directory) => openDuckDbStore({ directory: join(directory, 'store') }),
  });
  await books.appendEntries(switchedTemplate());
  await books.bookAll();
  await books.close();
});
afterAll(() => rmSync(dataDirectory, { recursive: true, force: true }));

test('farthing explain: the sentence, the steps, who did it, what is not in the figures', async () => {
  const { stdout, exitCode } = await runCommand(explainCommand, '--since 2d', {
    dataDirectory,
    now,
  });
  expect(exitCode).toBe(0);
  expect(stdout.split('\n').slice(0, 8)).toEqual([
    '+$0.1260 (+23 %): `search` started producing 3.0 × the output tokens on 3 Mar with template v7.',
    '',
    '2026-03-01 00:00 to 2026-03-03 00:00 UTC → 2026-03-03 00:00 to 2026-03-05 00:00 UTC',
    '',
    'step               amount',
    'Before          $0.536250',
    'Output length  +$0.126000',
    'After           $0.662250',
  ]);
  expect(stdout).toMatch(
    /\$0\.126000 +100\.0% +output +search +gpt-4o-2024-08-06 +v7 +2026-03-03 06:00 +50\.00 → 138 output tokens\/call/,
  );
  expect(stdout).toContain(
    'Calls without a known price are in none of these amounts: 2 before, 2 after.',
  );
});

test('--json is the report', async () => {
  const { stdout } = await runCommand(explainCommand, '--since 2d --json', { dataDirectory, now });
  const report = JSON.parse(stdout) as ExplainReport;
  expect(report.difference_usd).toBe('0.126');
});

test('farthing templates --order output answers which prompt change it was', async () => {
  const { stdout } = await runCommand(templatesCommand, '--since 2d --order output', {
    dataDirectory,
    now,
  });
  const lines = stdout.split('\n');
  expect(lines[0]).toContain(
    '`search` went from v6 to v7 on 3 Mar 06:00 UTC: 3.0 × the output tokens',
  );
  expect(lines[5]).toMatch(
    /^search +v7 +v6 +2026-03-03 06:00 +126 +\$0\.002875 +1\.53 × ↑ +1\.00 × +3\.00 × ↑/,
  );
});

test('in a terminal the steps have bars, each from where the one above ended', () => {
  const step = (label: string, amount: string, from: string, to: string) => ({
    kind: 'output' as const,
    label,
    amount_usd: amount,
    from_usd: from,
    to_usd: to,
    groups: [],
    other_groups_usd: '0',
  });
  const output = { write() {}, note() {}, progress() {}, tty: true, columns: 100, color: false };
  const text = renderWaterfall(
    {
      before_usd: '100',
      after_usd: '160',
      steps: [step('Volume', '100', '100', '200'), step('Cache', '-40', '200', '160')],
    },
    output,
  );
  expect(text.split('\n').slice(2)).toEqual([
    `Before   $100.00  ${'█'.repeat(20)}`,
    `Volume  +$100.00  ${' '.repeat(20)}${'▓'.repeat(20)}`,
    `Cache    -$40.00  ${' '.repeat(32)}${'░'.repeat(8)}`,
    `After    $160.00  ${'█'.repeat(32)}`,
    '▓ is more, ░ is less.',
    '',
  ]);
});
