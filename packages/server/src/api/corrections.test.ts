import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Entry } from '@farthing/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openTestBooks, type TestBooks } from '../../test-support/open-test-books.js';
import { sampleEntry } from '../store/conformance/batches.js';

let books: TestBooks;
beforeEach(async () => {
  books = await openTestBooks();
});
afterEach(() => books.close());

const waiting = (changes: Partial<Entry> = {}): Entry =>
  sampleEntry({
    model: 'house-model',
    cost: { usd: null, status: 'unknown_model', reason: 'no price', charges: [] },
    ...changes,
  });
const priceHouseModel = () =>
  books.setPrice({
    price: {
      provider: 'openai',
      model: 'house-model',
      rates_per_mtok: { input: '2', output: '8', cache_read: '0.5' },
      effective_from: '2026-01-01',
    },
    by: 'ada',
  });

/** Of one sample call: 100 × 2 + 900 × 0.5 + 50 × 8, per million. */
const priced = '0.00105';

describe('POST /api/v1/reprice', () => {
  test('tells what changed', async () => {
    await books.book([waiting()]);
    await priceHouseModel();
    const body = { since: '2026-03-01', until: '2026-04-01', by: 'ada', why: 'listed late' };
    const dry = await books.post('/api/v1/reprice', { ...body, dry_run: true });
    expect(dry.body).toMatchObject({ dry_run: true, changed: 1, booked: 0, difference: priced });
    const { status, body: summary } = await books.post('/api/v1/reprice', body);
    expect(status).toBe(200);
    expect(summary).toMatchObject({ dry_run: false, changed: 1, booked: 1, difference: priced });
  });

  test('tells it line by line to those who ask for lines', async () => {
    await books.book([waiting()]);
    await priceHouseModel();
    const response = await books.request('/api/v1/reprice', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/x-ndjson' },
      body: JSON.stringify({ since: '2026-03-01' }),
    });
    expect(response.headers.get('content-type')).toBe('application/x-ndjson');
    const lines = (await response.text())
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(lines).toMatchObject([
      { progress: { examined: 1, changed: 1, total: 1 } },
      { summary: { booked: 1, difference: priced } },
    ]);
  });

  test.each([
    ['no beginning', {}, 'since'],
    ['a beginning that is no time', { since: 'yesterdayish' }, undefined],
    ['a misspelt field', { since: '30d', dryrun: true }, 'dryrun'],
  ])('%s is refused', async (_, body, field) => {
    const answer = await books.post('/api/v1/reprice', body);
    expect(answer.status).toBe(400);
    expect(answer.body['error'].field).toBe(field);
  });
});

describe('POST /api/v1/adjustments', () => {
  const credit = {
    usd: '-12.34',
    at: '2026-03-31',
    provider: 'openai',
    why: 'credit note 17',
    tags: { feature: 'search' },
    by: 'ada',
  };

  test('books an amount that no call has, where reports look for it', async () => {
    await books.book([sampleEntry()]);
    const { status, body } = await books.post('/api/v1/adjustments', credit);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      kind: 'adjustment',
      started_at: '2026-03-31T00:00:00.000Z',
      adjusts: { entry: null, cause: 'manual', reason: 'credit note 17', by: 'ada' },
      cost: { usd: '-12.34' },
    });
    const { rows } = await books.store.query({
      measures: ['cost', 'calls', 'adjustments', 'cost_average'],
      dimensions: ['provider', 'feature'],
    });
    expect(rows).toEqual([
      {
        provider: 'openai',
        feature: 'search',
        cost: '-12.338125',
        calls: 1,
        adjustments: 1,
        cost_average: '0.001875',
      },
    ]);
  });

  test('twice is two credits: each has an id of its own', async () => {
    const first = await books.post('/api/v1/adjustments', credit);
    const second = await books.post('/api/v1/adjustments', credit);
    expect(first.body['id']).not.toBe(second.body['id']);
  });

  test('comes back from an export as it went in', async () => {
    const { body } = await books.post('/api/v1/adjustments', credit);
    const exported = await (await books.request('/api/v1/export.jsonl')).text();
    expect(JSON.parse(exported)).toEqual(body);
    const other = await openTestBooks();
    const answer = await other.request('/api/v1/entries', {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body: exported,
    });
    expect(answer.status).toBe(202);
    await other.ledger.drain();
    expect(await (await other.request('/api/v1/export.jsonl')).text()).toBe(exported);
    await other.close();
  });

  test.each([
    ['nothing', { usd: '0' }],
    ['an amount that is no decimal', { usd: '1e3' }],
    ['no reason', { why: '' }],
  ])('%s is refused', async (_, change) => {
    expect((await books.post('/api/v1/adjustments', { ...credit, ...change })).status).toBe(400);
  });
});

describe('a closed month', () => {
  const report = '/api/v1/report?since=2026-03-01&until=2026-04-01&by=model';
  const close = () => books.post('/api/v1/closings', { month: '2026-03', by: 'ada' });

  test('stays what it was, whatever is adjusted or comes late', async () => {
    await books.book([waiting(), sampleEntry()]);
    const then = (await books.json(report)).body;
    const closing = await close();
    expect(closing.status).toBe(201);
    expect(closing.body).toMatchObject({
      month: '2026-03',
      by: 'ada',
      totals: { calls: 2, unpriced_calls: 1, cost: '0.001875' },
    });
    await priceHouseModel();
    await books.post('/api/v1/reprice', { since: '2026-03-01' });
    await books.book([sampleEntry({ source: 'import:late' })]);
    await books.post('/api/v1/adjustments', {
      usd: '-0.0005',
      at: '2026-03-31',
      provider: 'openai',
      why: 'credit',
    });

    const closed = (await books.json(`${report}&as_of=closed`)).body;
    expect(JSON.stringify(closed['rows'])).toBe(JSON.stringify(then['rows']));
    expect(JSON.stringify(closed['totals'])).toBe(JSON.stringify(then['totals']));
    expect(closed['query'].as_of).toBe(closing.body['as_of']);

    const { body } = await books.json('/api/v1/restatements/2026-03');
    expect(body).toMatchObject({
      reproduced: true,
      as_closed: closing.body['totals'],
      as_known_now: { calls: 3, unpriced_calls: 0, cost: '0.0043' },
      adjustments: [
        { cause: 'price', source: 'reprice', model: 'house-model', entries: 1, cost: priced },
        { cause: 'manual', source: 'manual', model: null, entries: 1, cost: '-0.0005' },
      ],
      late: [{ source: 'import:late', calls: 1, cost: '0.001875' }],
      difference: '0.002425',
      adjusted: '0.00055',
      arrived_late: '0.001875',
      unexplained: '0',
    });
  });

  test('is closed once, unless it is meant', async () => {
    await books.book([sampleEntry()]);
    await close();
    const again = await close();
    expect(again.status).toBe(400);
    expect(again.body['error']).toMatchObject({ code: 'month_closed' });
    const meant = await books.post('/api/v1/closings', { month: '2026-03', again: true });
    expect(meant.status).toBe(201);
    const { body } = await books.json('/api/v1/closings');
    expect(body['closings']).toHaveLength(2);
  });

  test('is found out when entries come with an earlier time of recording', async () => {
    await books.book([sampleEntry()]);
    await close();
    await books.book([sampleEntry({ recorded_at: '2026-03-02T00:00:00.000Z' })]);
    const { body } = await books.json('/api/v1/restatements/2026-03');
    expect(body).toMatchObject({ reproduced: false, as_closed: { calls: 2 } });
    expect(body['closing'].totals.calls).toBe(1);
  });

  test('keeps its closings when a crash has torn the last line of their file', async () => {
    await books.book([sampleEntry()]);
    const { body: first } = await close();
    const file = join(books.dataDirectory, 'closings.jsonl');
    appendFileSync(file, '{"month":"2026-03","as_o');
    await books.post('/api/v1/closings', { month: '2026-03', again: true });
    const { body } = await books.json('/api/v1/closings');
    expect(body['closings']).toHaveLength(2);
    expect(body['closings'][0]).toEqual(first);
    expect(readFileSync(file, 'utf8').startsWith(JSON.stringify(first))).toBe(true);
  });

  test.each([
    ['a month that is not over', { month: '2999-01' }, 'month_open'],
    ['what is no month', { month: 'March' }, 'invalid_month'],
    ['a time before its end', { month: '2026-03', as_of: '2026-03-15' }, 'month_open'],
    ['a time to come', { month: '2026-03', as_of: '2999-01-01' }, 'invalid_as_of'],
  ])('%s is not closed', async (_, body, code) => {
    const answer = await books.post('/api/v1/closings', body);
    expect(answer.status).toBe(400);
    expect(answer.body['error'].code).toBe(code);
  });

  test.each([
    ['/api/v1/restatements/2026-03', 'month_not_closed'],
    ['/api/v1/report?since=2026-03-01&until=2026-04-01&as_of=closed', 'invalid_as_of'],
    ['/api/v1/report?as_of=closed', 'invalid_as_of'],
    ['/api/v1/report?as_of=soonish', 'invalid_window'],
  ])('%s says what is missing', async (path, code) => {
    const { status, body } = await books.json(path);
    expect(status).toBe(400);
    expect(body['error'].code).toBe(code);
  });
});
