import { afterAll, beforeAll, expect, test } from 'vitest';
import { driftedCalls } from '../../test-support/drifted-calls.js';
import { openTestBooks, type TestBooks } from '../../test-support/open-test-books.js';
import { sampleEntry } from '../store/conformance/batches.js';

let books: TestBooks;
beforeAll(async () => {
  books = await openTestBooks({
    now: () => new Date('2026-03-04T00:00:00.000Z'),
    driftThreshold: 0.5,
  });
  await books.book([...driftedCalls(), sampleEntry({ started_at: '2026-02-20T00:00:00.000Z' })]);
});
afterAll(() => books.close());

test('a feature whose calls cost twice what was expected is named, with since when', async () => {
  const { status, body } = await books.json('/api/v1/drift?since=3d');
  expect(status).toBe(200);
  expect(body['window'].from).toBe('2026-03-01T00:00:00.000Z');
  expect(body['rows'].map((row: { group: object }) => row.group)).toEqual([
    { feature: 'chat' },
    { feature: 'search' },
  ]);
  expect(body['rows'][0]).toMatchObject({
    verdict: 'biased',
    calls: 144,
    drifted_calls: 48,
    drifted_share: 0.333333,
    actual_usd: '0.27',
    cost: { verdict: 'too_low', since: '2026-03-03T00:00:00.000Z', since_start: false },
    output: { verdict: 'too_low' },
    input: { ratio: 1, verdict: 'fair' },
    causes: ['output_tokens'],
  });
  expect(body['rows'][1]).toMatchObject({ verdict: 'fair', drifted_calls: 0 });
});

test('the threshold is the configured one, or the one that is asked for', async () => {
  expect((await books.json('/api/v1/drift?since=3d')).body['threshold']).toBe(0.5);
  const { body } = await books.json('/api/v1/drift?since=3d&threshold=1.5');
  expect(body).toMatchObject({
    threshold: 1.5,
    rows: [{ drifted_calls: 0 }, { drifted_calls: 0 }],
  });
  const query = { measures: ['drifted_calls'], drift_threshold: 0.9 };
  expect((await books.post('/api/v1/query', query)).body['rows']).toEqual([{ drifted_calls: 48 }]);
  const negative = await books.post('/api/v1/query', { ...query, drift_threshold: -1 });
  expect(negative.status).toBe(400);
});

test('other dimensions and filters narrow it', async () => {
  const { body } = await books.json(
    '/api/v1/drift?since=3d&by=feature,template_version&filter=feature:chat',
  );
  const groups = body['rows'].map((row: { group: object; verdict: string }) => [
    row.group,
    row.verdict,
  ]);
  expect(groups).toEqual([
    [{ feature: 'chat', template_version: 'v2' }, 'biased'],
    [{ feature: 'chat', template_version: 'v1' }, 'fair'],
  ]);
});

test('what was booked without an estimate is counted as a call, and not compared', async () => {
  const { body } = await books.json('/api/v1/drift?since=2026-02-19&until=2026-02-21');
  expect(body['rows']).toMatchObject([
    { calls: 1, compared_calls: 0, estimated_usd: null, actual_usd: null, verdict: 'not_judged' },
  ]);
});

test('calls in lists have their drift', async () => {
  const { body } = await books.json('/api/v1/calls?limit=1&filter=feature:chat');
  expect(body['calls'][0]).toMatchObject({
    cost_usd: '0.001875',
    estimated_usd: '0.0009375',
    cost_drift: 1,
  });
});

test('the audit divides input by source, with its cost and the largest lever', async () => {
  const { status, body } = await books.json('/api/v1/audit?since=3d');
  expect(status).toBe(200);
  const chat = body['rows'].find(
    (row: { group: { feature: string } }) => row.group.feature === 'chat',
  );
  // 144 calls at 0.000125 USD for 100 fresh tokens and 0.001125 USD for 900 cached ones.
  expect(chat).toMatchObject({ calls: 144, audited_calls: 144, input_tokens: 144_000 });
  const sources = chat.sources.map((each: Record<string, unknown>) => [
    each['source'],
    each['tokens'],
    each['share'],
  ]);
  expect(sources).toEqual([
    ['history', 100_800, 0.7],
    ['system', 28_800, 0.2],
    ['user', 14_400, 0.1],
  ]);
  expect(chat.lever).toMatchObject({ source: 'history' });
  expect(chat.sources[0].share_before).toBeNull();
});

test.each([
  ['/api/v1/drift?by=featrue', 'by'],
  ['/api/v1/audit?by=featrue', 'by'],
  ['/api/v1/drift?since=yesteryear', 'since'],
  ['/api/v1/audit?filter=colour:red', 'filter'],
])('%s is refused, naming the field', async (path, field) => {
  const { status, body } = await books.json(path);
  expect(status).toBe(400);
  expect(body['error'].field).toBe(field);
});
