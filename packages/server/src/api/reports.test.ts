import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestBooks, type TestBooks } from '../../test-support/open-test-books.js';
import { sampleEntry } from '../store/conformance/batches.js';

let books: TestBooks;

const unpriced = {
  usd: null,
  status: 'unknown_model' as const,
  reason: 'no price',
  charges: [],
  reported_usd: '0.5',
};

beforeAll(async () => {
  books = await openTestBooks({ now: () => new Date('2026-03-02T00:00:00.000Z') });
  const at = (hour: number) => ({
    started_at: `2026-03-01T${String(hour).padStart(2, '0')}:00:00.000Z`,
  });
  await books.book([
    sampleEntry({ ...at(1), tags: { feature: 'search', custom: { team: 'core' } } }),
    sampleEntry({ ...at(2), tags: { feature: 'search' } }),
    sampleEntry({ ...at(3), tags: { feature: 'chat', user: 'u_1' } }),
    sampleEntry({ ...at(4), tags: {} }),
    sampleEntry({ ...at(5), model: 'mystery', cost: unpriced, tags: { feature: 'chat' } }),
    sampleEntry({ ...at(6), model: 'mystery', cost: unpriced, tags: { feature: 'chat' } }),
  ]);
});
afterAll(() => books.close());

test('a query answers measures by dimensions, money as exact decimal strings', async () => {
  const { status, body } = await books.post('/api/v1/query', {
    measures: ['cost', 'calls'],
    dimensions: ['feature'],
  });
  expect(status).toBe(200);
  expect(body['rows']).toEqual([
    { feature: 'search', cost: '0.00375', calls: 2 },
    { feature: 'chat', cost: '0.001875', calls: 3 },
    { feature: null, cost: '0.001875', calls: 1 },
  ]);
});

test('the report adds shares of the total, and the totals say what is missing from them', async () => {
  const { body } = await books.json('/api/v1/report?by=feature&since=24h&measures=cost,calls');
  expect(body['rows'][0]).toEqual({
    feature: 'search',
    cost: '0.00375',
    calls: 2,
    cost_share: 0.5,
  });
  expect(body['totals']).toMatchObject({
    cost: '0.0075',
    calls: 6,
    unattributed_calls: 1,
    unattributed_cost: '0.001875',
    unpriced_calls: 2,
  });
  expect(body['query'].window).toEqual({
    from: '2026-03-01T00:00:00.000Z',
    to: '2026-03-02T00:00:00.000Z',
  });
});

test('filters hold together, and an empty value means "not set"', async () => {
  const one = await books.json('/api/v1/report?by=model&filter=feature:chat&filter=user:u_1');
  expect(one.body['totals'].calls).toBe(1);
  const none = await books.json('/api/v1/report?by=model&filter=feature:');
  expect(none.body['totals'].calls).toBe(1);
  const custom = await books.json('/api/v1/report?by=model&filter=tag:team=core');
  expect(custom.body['totals'].calls).toBe(1);
});

test('limit cuts rows, never the totals', async () => {
  const { body } = await books.json('/api/v1/report?by=feature&limit=1');
  expect(body['rows']).toHaveLength(1);
  expect(body['truncated']).toBe(true);
  expect(body['totals'].calls).toBe(6);
});

test.each([
  ['measures=costs', 'measures', 'unknown_measure', /Did you mean "cost"\?/],
  ['by=featrue', 'by', 'unknown_dimension', /Did you mean "feature"\?/],
  ['bucket=daily', 'bucket', 'unknown_bucket', /Did you mean "day"\?/],
  ['since=yesterweek', 'since', 'invalid_window', /Use 1h, 24h/],
  ['filter=feature', 'filter', 'invalid_filter', /dimension=value/],
  ['limit=0', 'limit', 'invalid_parameter', /from 1 to/],
])('GET /report?%s is answered with the fix', async (parameters, field, code, message) => {
  const { status, body } = await books.json(`/api/v1/report?${parameters}`);
  expect(status).toBe(400);
  expect(body['error']).toMatchObject({ code, field });
  expect(body['error'].message).toMatch(message);
});

test.each([
  [{ measures: ['costs'] }, 'measures[0]', /Did you mean "cost"\?/],
  [{ measures: [] }, 'measures', /at least one measure/],
  [{ measure: ['cost'] }, 'measure', /Did you mean "measures"\?/],
  [{ measures: ['cost'], dimension: ['model'] }, 'dimension', /Did you mean "dimensions"\?/],
  [{ measures: ['cost'], dimensions: ['modle'] }, 'dimensions[0]', /Did you mean "model"\?/],
  [{ measures: ['cost'], window: { from: 'x', to: 'y' } }, 'window.from', /ISO 8601/],
  [
    { measures: ['cost'], window: { from: '2026-03-02T00:00:00Z', to: '2026-03-01T00:00:00Z' } },
    'window',
    /before/,
  ],
  [{ measures: ['cost'], order: [{ by: 'calls', direction: 'asc' }] }, 'order[0].by', /among/],
])('POST /query %j names the field and the fix', async (query, field, message) => {
  const { status, body } = await books.post('/api/v1/query', query);
  expect(status).toBe(400);
  expect(body['error'].field).toBe(field);
  expect(body['error'].message).toMatch(message);
});

test('unpriced models are listed with what they lack and when they were seen', async () => {
  const { body } = await books.json('/api/v1/unpriced');
  expect(body['models']).toEqual([
    {
      provider: 'openai',
      model: 'mystery',
      cost_status: 'unknown_model',
      calls: 2,
      tokens_input: 2000,
      tokens_output: 100,
      reported_usd: '1',
      first_seen: '2026-03-01T05:00:00.000Z',
      last_seen: '2026-03-01T06:00:00.000Z',
    },
  ]);
});

test('dimensions tell which of them have data, custom tags included', async () => {
  const { body } = await books.json('/api/v1/dimensions');
  const byName = new Map(
    body['dimensions'].map((dimension: { name: string }) => [dimension.name, dimension]),
  );
  expect(byName.get('feature')).toEqual({ name: 'feature', kind: 'tag', has_data: true });
  expect(byName.get('agent')).toEqual({ name: 'agent', kind: 'tag', has_data: false });
  expect(byName.get('model')).toEqual({ name: 'model', kind: 'call', has_data: true });
  expect(byName.get('tag:team')).toEqual({ name: 'tag:team', kind: 'custom', has_data: true });
});

test('the values of a dimension come dearest first, with null for "not set"', async () => {
  const { body } = await books.json('/api/v1/dimensions/feature/values?since=24h');
  expect(body['values'].map(({ value }: { value: string | null }) => value)).toEqual([
    'search',
    'chat',
    null,
  ]);
  const unknown = await books.json('/api/v1/dimensions/featrue/values');
  expect(unknown.status).toBe(404);
  expect(unknown.body['error'].message).toMatch(/Did you mean "feature"\?/);
});

test('beside the window before, with the change of every figure', async () => {
  const { body } = await books.json(
    '/api/v1/report?by=feature&since=2026-03-01T03:00:00Z&until=2026-03-01T06:00:00Z&compare=previous&measures=cost,calls',
  );
  expect(body['comparison'].window.from).toBe('2026-03-01T00:00:00.000Z');
  expect(body['comparison'].totals.calls).toEqual({ before: 2, change: 1, share: 0.5 });
  expect(body['rows'].map((row: { feature: string | null }) => row.feature)).toContain('search');
});

test('a saved report is asked for by its name, and what is given besides holds', async () => {
  const parameters = { by: 'model', measures: 'calls', filter: ['feature=chat'] };
  const put = (name: string, body: unknown) =>
    books.request(`/api/v1/reports/${name}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  expect((await put('chat-models', { parameters })).status).toBe(200);
  expect((await books.json('/api/v1/reports')).body['reports']).toMatchObject([
    { name: 'chat-models', parameters },
  ]);
  const saved = await books.json('/api/v1/report?saved=chat-models');
  expect(saved.body['rows']).toHaveLength(2);
  expect(saved.body['totals'].calls).toBe(3);
  const other = await books.json('/api/v1/report?saved=chat-models&by=user');
  expect(other.body['query'].dimensions).toEqual(['user']);

  const wrong = await put('wrong', { parameters: { by: 'featrue' } });
  expect(wrong.status).toBe(400);
  expect((await put('No_Such Name', { parameters })).status).toBe(400);
  const unknown = await books.json('/api/v1/report?saved=chat-model');
  expect(unknown.body['error'].message).toContain('Did you mean "chat-models"?');

  const remove = () => books.request('/api/v1/reports/chat-models', { method: 'DELETE' });
  expect((await remove()).status).toBe(204);
  expect((await remove()).status).toBe(404);
});
