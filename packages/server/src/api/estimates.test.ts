import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultPriceBook } from '@farthing/core/prices';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestBooks, type TestBooks } from '../../test-support/open-test-books.js';
import { BudgetDesk } from '../budgets/index.js';
import { configSchema } from '../config/index.js';
import { openRequestCounter } from '../count/index.js';
import { startFakeProvider, type FakeProvider } from '../fake-provider/index.js';

let books: TestBooks;
let fake: FakeProvider;
let directory: string;
beforeAll(async () => {
  fake = await startFakeProvider();
  directory = mkdtempSync(join(tmpdir(), 'farthing-estimates-'));
  const book = defaultPriceBook();
  const config = configSchema.parse({
    providers: {
      anthropic: { base_url: `${fake.url}/anthropic` },
      openai: { base_url: 'http://127.0.0.1:1' },
    },
  });
  books = await openTestBooks({
    budgets: new BudgetDesk({
      dataDirectory: directory,
      config,
      tokenPrices: (question) => book.tokenPrices(question),
      providerOf: (model) => (model.startsWith('claude') ? 'anthropic' : 'openai'),
      counter: openRequestCounter(config.providers, {
        ANTHROPIC_API_KEY: 'sk-fake-1234567890',
        OPENAI_API_KEY: 'sk-fake-1234567890',
      }),
      now: () => new Date('2026-11-20T12:00:00.000Z'),
    }),
  });
});
afterAll(async () => {
  await books.close();
  await fake.close();
  rmSync(directory, { recursive: true });
});

const request = { messages: [{ role: 'user', content: 'Why is the sky blue?' }], max_tokens: 100 };
const ask = (more: object) => books.post('/api/v1/estimates', { request, ...more });

test('a request is counted here, and goes nowhere', async () => {
  const { status, body } = await ask({ models: ['gpt-4.1'] });
  expect(status).toBe(200);
  expect(body['models'][0]).toMatchObject({
    model: 'gpt-4.1',
    input: { expected: 13, method: 'tokenizer', estimated: false, notes: [] },
    usd: { expected: '0.000826' },
  });
  expect(fake.received()).toEqual([]);
});

test('a provider counts it where that is asked for', async () => {
  const { body } = await ask({ models: ['claude-haiku-4-5'], count: true });
  expect(body['models'][0].input).toMatchObject({ method: 'provider', estimated: false });
  expect(fake.received().at(-1)!.path).toBe('/anthropic/v1/messages/count_tokens');
});

test('a count that cannot be asked for is a 400, one that fails a 502: each says why', async () => {
  const impossible = await ask({ models: ['mistral/mistral-large-latest'], count: true });
  expect(impossible.status).toBe(400);
  expect(impossible.body['error']).toMatchObject({
    code: 'cannot_count',
    message: expect.stringMatching(/leave out the count by the provider/),
  });
  const failed = await ask({ models: ['gpt-4.1'], count: true });
  expect(failed.status).toBe(502);
  expect(failed.body['error']).toMatchObject({
    code: 'count_failed',
    message: expect.stringMatching(/^openai \(http:\/\/127\.0\.0\.1:1\) could not be asked/),
  });
});

test('what is no request is refused, with what it lacks', async () => {
  const noRequest = await books.post('/api/v1/estimates', { request: { model: 'gpt-4.1' } });
  expect(noRequest.status).toBe(400);
  expect(noRequest.body['error'].message).toMatch(/none of `messages`/);
  expect((await ask({})).body['error'].message).toMatch(/Name a model/);
});
