import { appendFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Entry, ProviderReport } from '@farthing/core';
import { defaultPriceBook } from '@farthing/core/prices';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openTestBooks, type TestBooks } from '../../test-support/open-test-books.js';
import { testEntry } from '../../../core/test-support/arbitrary-reconciliation.js';
import { createReconciler, type Reconciler } from './create-reconciler.js';

let books: TestBooks;
let reconciler: Reconciler;
const priceBook = defaultPriceBook();
const now = () => new Date('2026-03-20T00:00:00.000Z');

beforeEach(async () => {
  books = await openTestBooks();
  const { dataDirectory, store } = books;
  reconciler = createReconciler({
    dataDirectory,
    store,
    priceBook,
    settings: {},
    environment: {},
    now,
  });
});
afterEach(() => books.close());

/** A call of gpt-4o with 1,000 tokens in and 100 out: $0.0035. */
function call(id: number, startedAt: string): Entry {
  const entry = testEntry(startedAt, 'gpt-4o', { input_uncached: 1_000, output: 100 });
  const cost = priceBook.price({
    provider: 'openai',
    api: entry.api,
    model: entry.model,
    at: startedAt,
    reading: { status: 'ok', usage: entry.usage! },
  });
  return { ...entry, cost, id: `00000000-0000-4000-8000-${String(id).padStart(12, '0')}` };
}

const report = (hours: string[]): ProviderReport => ({
  provider: 'openai',
  window: { from: '2026-03-01T00:00:00.000Z', to: '2026-03-03T00:00:00.000Z' },
  bucket: 'hour',
  usage: hours.map((at) => ({
    at: `${at}:00:00.000Z`,
    model: 'gpt-4o-2024-08-06',
    tier: 'default',
    long: null,
    geo: null,
    project: null,
    api_key: null,
    requests: 1,
    tokens: { input_uncached: 1_000, output: 100 },
    units: {},
  })),
  costs: null,
  usage_until: null,
  costs_until: null,
  fetched_at: '2026-03-20T00:00:00.000Z',
  notes: [],
});
const run = (hours: string[]) =>
  reconciler.run({ provider: 'openai', window: report([]).window, report: report(hours) });

describe('over real books', () => {
  test('an answer that two journals have is found in a second reading', async () => {
    const first = { ...call(1, '2026-03-01T10:10:00.000Z'), response_id: 'chatcmpl-1' };
    await books.book([first]);
    await books.book([{ ...first, id: call(2, first.started_at).id, source: 'import:other' }]);
    const result = await run(['2026-03-01T10']);
    expect(result).toMatchObject({
      provider_usd: '0.0035',
      ledger_usd: '0.007',
      unexplained_usd: '0',
    });
    expect(result.causes.map(({ cause, usd }) => [cause, usd])).toEqual([
      ['double_booked', '-0.0035'],
    ]);
  });

  test('a day of which the journals no longer hold every call is left out on both sides, and named', async () => {
    await books.book([call(1, '2026-03-01T10:10:00.000Z')]);
    const segments = join(books.dataDirectory, 'journals', 'test');
    for (const name of readdirSync(segments)) rmSync(join(segments, name));
    const result = await run(['2026-03-01T10', '2026-03-02T10']);
    expect(result.excluded_days).toEqual([
      {
        day: '2026-03-01T00:00:00.000Z',
        reason: "the journals hold 0 of the day's 1 calls; the rest is past journal.retention_days",
      },
    ]);
    expect(result.days.map(({ day }) => day)).toEqual(['2026-03-02T00:00:00.000Z']);
    expect(result.causes.map(({ cause }) => cause)).toEqual(['unrecorded_calls']);
  });

  test('results are kept, newest first, and a torn line costs only itself', async () => {
    await run([]);
    appendFileSync(join(books.dataDirectory, 'reconciliations.jsonl'), '{"id":"torn","da\n');
    await run(['2026-03-01T10']);
    const saved = await reconciler.list();
    expect(saved.map(({ provider_usd: usd }) => usd)).toEqual(['0.0035', '0']);
  });

  test('a report of another provider is refused', async () => {
    const wrong = reconciler.run({
      provider: 'anthropic',
      window: report([]).window,
      report: report([]),
    });
    await expect(wrong).rejects.toThrow('The report is of openai, not of anthropic.');
  });

  test('a provider without a report API says what can be done', async () => {
    const fetched = reconciler.run({ provider: 'mistral', window: report([]).window });
    await expect(fetched).rejects.toThrow(/cannot fetch reports of mistral.*--costs/);
  });
});

describe('over HTTP', () => {
  const post = async (body: object) => {
    const { dataDirectory, store } = books;
    const other = await openTestBooks({
      reconciliations: createReconciler({
        dataDirectory,
        store,
        priceBook,
        settings: {},
        environment: {},
        now,
      }),
    });
    const answer = await other.post('/api/v1/reconciliations', body);
    const list = await other.json('/api/v1/reconciliations');
    await other.close();
    return { answer, list };
  };

  test('a posted report is compared, answered and listed', async () => {
    await books.book([call(1, '2026-03-01T10:10:00.000Z')]);
    const { answer, list } = await post({
      provider: 'openai',
      since: '2026-03-01',
      until: '2026-03-03',
      report: report(['2026-03-01T10']),
    });
    expect(answer).toMatchObject({ status: 200, body: { difference_usd: '0', accuracy: 1 } });
    expect(list.body['latest']).toMatchObject([
      { provider: 'openai', accuracy: 1, days: [{ day: '2026-03-01T00:00:00.000Z', final: true }] },
    ]);
  });

  test.each([
    [{ provider: 'openai' }, /since/],
    [{ provider: 'openai', since: 'someday' }, /"someday" is not a point in time/],
    [{ provider: 'openai', since: '7d' }, /OPENAI_ADMIN_KEY is not set/],
    [{ provider: 'openai', since: '7d', final_after: 'soon' }, /final_after.*90m, 24h or 3d/],
  ])('%j is refused with the field at fault', async (body, message) => {
    const { answer } = await post(body);
    expect(answer.status).toBe(400);
    expect(answer.body['error'].message).toMatch(message);
  });
});
