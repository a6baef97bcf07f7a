import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { defaultPriceBook } from '@farthing/core/prices';
import { BudgetDesk } from '../../budgets/index.js';
import { configSchema } from '../../config/index.js';
import { openRequestCounter } from '../../count/index.js';
import { startFakeProvider, type FakeProvider } from '../../fake-provider/index.js';
import { estimateCommand } from './estimate.js';
import { runCommand } from '../../../test-support/run-command.js';

let directory: string;
let fake: FakeProvider;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'farthing-estimate-'));
  fake = await startFakeProvider();
});
afterEach(async () => {
  rmSync(directory, { recursive: true });
  await fake.close();
});

const book = defaultPriceBook();
const request = {
  messages: [{ role: 'user', content: 'Why is the sky blue?' }],
  max_tokens: 100,
};

async function estimate(words: string[], environment: Record<string, string> = {}) {
  const file = join(directory, 'request.json');
  writeFileSync(file, JSON.stringify(request));
  const config = configSchema.parse({
    providers: {
      anthropic: { base_url: `${fake.url}/anthropic` },
      openai: { base_url: `${fake.url}/openai` },
    },
  });
  return runCommand(estimateCommand, [file, ...words], {
    dataDirectory: directory,
    openBudgets: async () =>
      new BudgetDesk({
        dataDirectory: directory,
        config,
        tokenPrices: (question) => book.tokenPrices(question),
        providerOf: (model) => (model.startsWith('claude') ? 'anthropic' : 'openai'),
        counter: openRequestCounter(config.providers, environment),
        now: () => new Date('2026-11-20T12:00:00.000Z'),
      }),
  });
}

test('input is counted, and what is not exact about it is said', async () => {
  const { stdout } = await estimate(['--model', 'gpt-4.1,claude-haiku-4-5']);
  expect(stdout).toMatch(/^openai\/gpt-4\.1 +13 .* input counted, output assumed$/m);
  expect(stdout).toMatch(/^anthropic\/claude-haiku-4-5 .* input counted, estimated, /m);
  expect(stdout).toMatch(/^claude-haiku-4-5: The model's tokenizer is not public: /m);
  expect(fake.received()).toEqual([]);
});

test('--count lets the providers count, where the environment has their keys', async () => {
  const words = ['--model', 'gpt-4.1,claude-haiku-4-5', '--count'];
  const key = 'sk-fake-1234567890';
  const both = await estimate(words, { ANTHROPIC_API_KEY: key, OPENAI_API_KEY: key });
  expect(both.stdout.match(/counted by the provider/g)).toHaveLength(2);
  expect(
    fake
      .received()
      .map(({ path }) => path)
      .sort(),
  ).toEqual(['/anthropic/v1/messages/count_tokens', '/openai/v1/responses/input_tokens']);

  const one = await estimate(words, { OPENAI_API_KEY: key });
  expect(one.stdout).toMatch(/^claude-haiku-4-5: anthropic counts only .* set ANTHROPIC_API_KEY/m);
  const none = await estimate(words);
  expect(none.stderr).toMatch(/counts only for its customers/);
  expect(none.exitCode).toBe(1);
});
