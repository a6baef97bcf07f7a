import { entryEvent, type Entry } from '@farthing/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestBooks, type TestBooks } from '../../test-support/open-test-books.js';
import { sampleEntry } from '../store/conformance/batches.js';

let books: TestBooks;
const minute = (index: number) => `2026-03-01T00:${String(index).padStart(2, '0')}:00.000Z`;
const entries = Array.from({ length: 25 }, (_, index) =>
  sampleEntry({ started_at: minute(index), tags: { feature: index % 2 === 0 ? 'even' : 'odd' } }),
);

/** As it is journalled: what comes in complete is stamped with when it became known. */
const recorded = (entry: Entry) => ({
  ...(JSON.parse(JSON.stringify(entry)) as Entry),
  recorded_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
});

beforeAll(async () => {
  books = await openTestBooks();
  await books.book(entries);
});
afterAll(() => books.close());

test.each(['newest', 'oldest', 'dearest'])(
  'pages of %s calls follow each other without gap or overlap',
  async (order) => {
    const seen: string[] = [];
    let cursor: string | null = '';
    for (let pages = 0; cursor !== null && pages < 10; pages++) {
      const { body } = await books.json(
        `/api/v1/calls?order=${order}&limit=10&cursor=${cursor}`.replace(/&cursor=$/, ''),
      );
      seen.push(...body['calls'].map(({ id }: { id: string }) => id));
      cursor = body['next_cursor'];
    }
    expect(seen).toHaveLength(25);
    expect(new Set(seen)).toEqual(new Set(entries.map(({ id }) => id)));
    if (order === 'newest') expect(seen[0]).toBe(entries[24]!.id);
    if (order === 'oldest') expect(seen[0]).toBe(entries[0]!.id);
  },
);

test('a full last page ends with a null cursor', async () => {
  const { body } = await books.json('/api/v1/calls?limit=25');
  expect(body['calls']).toHaveLength(25);
  expect(body['next_cursor']).toBeNull();
});

test('calls can be filtered and windowed', async () => {
  const { body } = await books.json(
    `/api/v1/calls?filter=feature:odd&since=${minute(0)}&until=${minute(4)}&order=oldest`,
  );
  expect(body['calls'].map((call: { id: string }) => call.id)).toEqual([
    entries[1]!.id,
    entries[3]!.id,
  ]);
});

test('a listed call says what it costs by now, after each adjustment', async () => {
  const own = await openTestBooks();
  try {
    const priced = sampleEntry({ started_at: minute(0) });
    const waiting = sampleEntry({
      started_at: minute(1),
      model: 'house-model',
      cost: { usd: null, status: 'unknown_model', reason: 'no price', charges: [] },
    });
    await own.book([priced, waiting]);
    const restatedOf = async (id: string) => {
      const { body } = await own.json('/api/v1/calls');
      return body['calls'].find((call: { id: string }) => call.id === id).restated;
    };
    const reprice = async (input: string) => {
      const rates_per_mtok = { input, output: '8', cache_read: '0.5' };
      await own.setPrice({
        price: {
          provider: 'openai',
          model: 'house-model',
          rates_per_mtok,
          effective_from: '2026-01-01',
        },
        by: 'ada',
      });
      await own.post('/api/v1/reprice', { since: '2026-03-01', until: '2026-04-01' });
    };
    expect(await restatedOf(waiting.id)).toBeNull();
    await reprice('2');
    expect(await restatedOf(waiting.id)).toEqual({
      cost_usd: '0.00105',
      cost_status: 'priced',
      adjustments: 1,
    });
    await reprice('1');
    expect(await restatedOf(waiting.id)).toEqual({
      cost_usd: '0.00095',
      cost_status: 'priced',
      adjustments: 2,
    });
    expect(await restatedOf(priced.id)).toBeNull();

    const { body: whole } = await own.json('/api/v1/calls?order=newest');
    const detail = await own.json(`/api/v1/calls/${waiting.id}`);
    expect(detail.body['restated'].usd).toBe('0.00095');
    expect(whole['calls'].map((call: { kind: string }) => call.kind).toSorted()).toEqual([
      'adjustment',
      'adjustment',
      'call',
      'call',
    ]);
  } finally {
    await own.close();
  }
});

test('a cursor that was not given out is refused', async () => {
  const { status, body } = await books.json('/api/v1/calls?cursor=bm9wZQ');
  expect(status).toBe(400);
  expect(body['error']).toMatchObject({ code: 'invalid_cursor', field: 'cursor' });
});

test('one call comes with its entry as it stands in the journal, and the place of that line', async () => {
  const { body } = await books.json(`/api/v1/calls/${entries[7]!.id.toUpperCase()}`);
  expect(body['entry']).toEqual(recorded(entries[7]!));
  expect(body['call']).toMatchObject({ id: entries[7]!.id, cost_usd: '0.001875' });
  expect(body['origin']).toMatchObject({ journal: 'test', segment: 1 });
  expect(body['origin'].offset).toBeGreaterThan(0);
  expect(body['adjustments']).toEqual([]);
  expect(body['restated']).toEqual(entries[7]!.cost);
});

test.each(['00000000-0000-7000-8000-000000000000', 'nonsense', "' OR 1=1"])(
  'a call that is not in the books (%s) is a 404',
  async (id) => {
    const { status, body } = await books.json(`/api/v1/calls/${encodeURIComponent(id)}`);
    expect(status).toBe(404);
    expect(body['error'].code).toBe('call_not_found');
  },
);

test('the export holds each booked entry once, as llm.cost.tracked events', async () => {
  // The same entry journalled again is not booked again, so it is not exported again either.
  await books.book([entries[3]!, entries[4]!]);
  const response = await books.request('/api/v1/export.jsonl');
  expect(response.headers.get('content-type')).toBe('application/x-ndjson');
  const lines = (await response.text()).trim().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual(entries.map(recorded));
  expect(lines.every((line) => JSON.parse(line).event === entryEvent)).toBe(true);
});

test('the export can be windowed', async () => {
  const response = await books.request(
    `/api/v1/export.jsonl?since=${minute(5)}&until=${minute(7)}`,
  );
  const ids = (await response.text())
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).id);
  expect(ids).toEqual([entries[5]!.id, entries[6]!.id]);
});
