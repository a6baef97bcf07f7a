import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestBooks, type TestBooks } from '../../test-support/open-test-books.js';
import { sampleEntry } from '../store/conformance/batches.js';
import { reviewSchema } from './schemas/review.js';
import { batchableSchema, substitutionsSchema } from './schemas/savings.js';
import { whatIfSchema } from './schemas/what-if.js';

let books: TestBooks;
beforeAll(async () => {
  books = await openTestBooks({ now: () => new Date('2026-03-04T00:00:00.000Z') });
  await books.book(Array.from({ length: 30 }, () => sampleEntry()));
});
afterAll(() => books.close());

test('each answer about savings has the shape that OpenAPI describes', async () => {
  for (const [path, schema] of [
    ['whatif?model=gpt-4o-mini&since=7d', whatIfSchema],
    ['substitutions?since=7d', substitutionsSchema],
    ['batchable?since=7d', batchableSchema],
    ['review', reviewSchema],
  ] as const) {
    const { status, body } = await books.json(`/api/v1/${path}`);
    expect(status).toBe(200);
    expect(schema.parse(body)).toEqual(body);
  }
});

test('whatif prices booked calls as another model', async () => {
  const { body } = await books.json('/api/v1/whatif?model=gpt-4o-mini&feature=search&since=7d');
  // 30 × (100 × $0.15 + 900 × $0.075 + 50 × $0.6) per million.
  expect(body).toMatchObject({
    actual_usd: '0.05625',
    repriced_usd: { expected: '0.003375' },
    rows: [{ group: { feature: 'search' }, exact: true }],
  });
});

test.each([
  ['whatif?model=gpt-4o-minni', 'unknown_model', 'Did you mean'],
  ['whatif?price=cheap&model=x', 'invalid_price', 'Write input=0.1'],
  ['whatif?cache_hit_ratio=60', 'invalid_parameter', 'a share like 0.3'],
  ['whatif?by=featur', 'unknown_dimension', 'feature'],
  ['substitutions?task=gate', 'invalid_task', 'feature=task'],
])('%s is refused with what would be right', async (path, code, hint) => {
  const { status, body } = await books.json(`/api/v1/${path}`);
  expect(status).toBe(400);
  expect(body['error']).toMatchObject({ code, message: expect.stringContaining(hint) });
});
