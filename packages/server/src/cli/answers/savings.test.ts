import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bookTwoWeeks } from '../../../test-support/two-weeks.js';
import { runCommand } from '../../../test-support/run-command.js';
import { batchableAnswer, substitutionsAnswer, whatIfAnswer } from '../../answers/index.js';
import type { CliContext } from '../context.js';
import { answerCommand } from './answer-command.js';
import { renderBatchable, renderSubstitutions } from './render-savings.js';
import { renderWhatIf } from './render-what-if.js';

const dataDirectory = mkdtempSync(join(tmpdir(), 'farthing-savings-'));
const now = () => new Date('2026-03-15T00:00:00.000Z');
beforeAll(() => bookTwoWeeks(dataDirectory));
afterAll(() => rmSync(dataDirectory, { recursive: true, force: true }));

const whatIf = (context: CliContext) => answerCommand(context, whatIfAnswer, renderWhatIf);
const substitutions = (context: CliContext) =>
  answerCommand(context, substitutionsAnswer, renderSubstitutions);
const batchable = (context: CliContext) => answerCommand(context, batchableAnswer, renderBatchable);

test('farthing whatif says it in a sentence, shows it by feature and states what it takes for granted', async () => {
  const { stdout } = await runCommand(whatIf, '--model gpt-4.1-mini --feature digests', {
    dataDirectory,
    now,
  });
  const lines = stdout.split('\n');
  // 630 × (3,000 × $2 + 1,500 × $8) per million, and a fifth of that.
  expect(lines[0]).toBe(
    'On gpt-4.1-mini, 630 calls would have cost $2.27 instead of $11.34: $9.07 (80.0 %) less.',
  );
  expect(lines[3]).toMatch(/^feature +from +calls +actual +would be +at least +at most +saved/);
  expect(lines[4]).toMatch(/^digests +gpt-4\.1 +630 +\$11\.3400 +\$2\.2680 .* 80\.0%$/);
  expect(stdout).toContain('Estimated: Answers are taken to be as long');
});

test('a model that nobody lists is refused with the one that was meant', async () => {
  const { stderr, exitCode } = await runCommand(whatIf, '--model gpt-4.1-minni', {
    dataDirectory,
    now,
  });
  expect(exitCode).not.toBe(0);
  expect(stderr).toContain('Did you mean "gpt-4.1-mini"?');
});

test('farthing substitutions names the feature, the model and what to check', async () => {
  const { stdout } = await runCommand(substitutions, '', { dataDirectory, now });
  expect(stdout).toMatch(/^1 feature might do with a cheaper model: about \$/);
  expect(stdout).toContain('gpt-4.1-mini');
  expect(stdout).toContain('Check quality on 100 samples');
  expect(stdout).toContain(
    "farthing whatif --model openai/gpt-4.1-mini --feature '<b>classifier</b>'",
  );
});

test('farthing batchable names the work, its rhythm and what speaks against it', async () => {
  const { stdout } = await runCommand(batchable, '', { dataDirectory, now });
  expect(stdout).toMatch(/digests +likely +scheduled +630 +\$11\.3400 +\$5\.6700/);
  expect(stdout).toContain('+ 100 % of its calls come in the hours from 02:00 UTC.');
  expect(stdout).toContain('− Batches take up to 24 hours.');
});
