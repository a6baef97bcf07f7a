import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { driftedCalls } from '../../test-support/drifted-calls.js';
import { openTestBooks, type TestBooks } from '../../test-support/open-test-books.js';
import { saveRevenue } from '../revenue/index.js';
import { sampleEntry } from '../store/conformance/batches.js';
import { marginSchema, statementsSchema } from './schemas/margin.js';
import { outliersSchema } from './schemas/outliers.js';

let books: TestBooks;
const dear = sampleEntry({
  started_at: '2026-03-03T01:00:00.000Z',
  ended_at: '2026-03-03T01:00:01.000Z',
  cost: { usd: '4', status: 'priced', source: 'base', charges: [] },
  tags: { feature: 'search', tenant: 'acme' },
});
beforeAll(async () => {
  books = await openTestBooks({ now: () => new Date('2026-03-04T00:00:00.000Z') });
  await books.book([...driftedCalls(), dear]);
});
afterAll(() => books.close());

describe('answers about money', () => {
  test('outliers: what is answered is what is documented, and the dear call comes first', async () => {
    const { status, body } = await books.json('/api/v1/outliers?since=3d&top=5');
    expect(status).toBe(200);
    expect(outliersSchema.strict().parse(body)).toEqual(body);
    expect(body['outliers'][0]).toMatchObject({ call: { id: dear.id }, cost_usd: '4' });
    const other = await books.json('/api/v1/outliers?since=3d&feature=chat');
    expect(other.body['frame'].filters).toEqual([
      { dimension: 'feature', op: 'in', values: ['chat'] },
    ]);
    const typo = await books.json('/api/v1/outliers?since=3d&feature=serch');
    expect(typo.body['frame'].notes.join(' ')).toContain(
      'No call of this window has feature "serch". Did you mean "search"?',
    );
    expect((await books.json('/api/v1/outliers?top=0')).status).toBe(400);
  });

  test('margin: against the revenue that was saved', async () => {
    const none = await books.json('/api/v1/margin?since=3d');
    expect(none.body['frame'].notes.join(' ')).toContain('No revenue is known');
    const line = {
      for: 'tenant' as const,
      key: 'acme',
      plan: null,
      amount_usd: '31',
      period: null,
    };
    await saveRevenue(books.dataDirectory, [line], new Date());
    const { body } = await books.json('/api/v1/margin?since=2026-03-01&until=2026-03-04');
    expect(marginSchema.strict().parse(body)).toEqual(body);
    expect(body['accounts']).toMatchObject([
      { key: 'acme', revenue_usd: '3', cost_usd: '4', margin_usd: '-1', verdict: 'loses' },
    ]);
  });

  test('statements: add up to the invoice', async () => {
    const { body } = await books.json('/api/v1/statements?month=2026-03&invoice=100');
    expect(statementsSchema.strict().parse(body)).toEqual(body);
    expect(body['total']).toMatchObject({ invoice_usd: '100', billed_usd: '100' });
    expect(body['statements']).toMatchObject([{ key: 'acme', billed_usd: '100' }]);
    const wrong = await books.json('/api/v1/statements?month=march');
    expect(wrong).toMatchObject({ status: 400, body: { error: { field: 'month' } } });
    // More digits than amounts have in any answer.
    const huge = await books.json('/api/v1/statements?month=2026-03&invoice=1000000000');
    expect(huge).toMatchObject({ status: 400, body: { error: { field: 'invoice' } } });
  });
});
