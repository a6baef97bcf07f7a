import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestBooks, type TestBooks } from '../../test-support/open-test-books.js';
import { switchedTemplate } from '../../test-support/switched-template.js';
import { sampleEntry } from '../store/conformance/batches.js';

let books: TestBooks;
beforeAll(async () => {
  books = await openTestBooks({ now: () => new Date('2026-03-05T00:00:00.000Z') });
  await books.book(switchedTemplate());
  // A credit and a failed call are no calls of the feature that anyone pays for.
  await books.book([
    sampleEntry({
      started_at: '2026-03-04T10:00:00.000Z',
      outcome: 'error',
      http_status: 429,
      usage: null,
      cost: { usd: '0', status: 'not_billed', reason: 'refused', charges: [] },
      tags: { feature: 'search', template_version: 'v7' },
    }),
  ]);
});
afterAll(() => books.close());

test('what changed is said first, and its steps lead from one spend to the other', async () => {
  const { status, body } = await books.json('/api/v1/explain?since=2d');
  expect(status).toBe(200);
  expect(body).toMatchObject({
    summary:
      '+$0.1260 (+23 %): `search` started producing 3.0 × the output tokens on 3 Mar with template v7.',
    before_usd: '0.53625',
    after_usd: '0.66225',
    difference_usd: '0.126',
    change: 0.234965,
    by: 'feature',
    window: { from: '2026-03-03T00:00:00.000Z', to: '2026-03-05T00:00:00.000Z' },
    against: { from: '2026-03-01T00:00:00.000Z', to: '2026-03-03T00:00:00.000Z' },
    unpriced_calls: { before: 2, after: 2 },
  });
  expect(body['steps']).toEqual([
    {
      kind: 'output',
      label: 'Output length',
      amount_usd: '0.126',
      from_usd: '0.53625',
      to_usd: '0.66225',
      groups: [{ group: 'search', amount_usd: '0.126' }],
      other_groups_usd: '0',
    },
  ]);
  expect(body['causes'][0]).toMatchObject({
    kind: 'output',
    group: 'search',
    model: 'gpt-4o-2024-08-06',
    template_version: 'v7',
    onset: { at: '2026-03-03T06:00:00.000Z', until: null, bucket: 'hour', ratio: 3 },
    quantity: { unit: 'output_tokens_per_call', before: 50 },
  });
});

test('another dimension, another window to compare with, a filter', async () => {
  const { body } = await books.json('/api/v1/explain?since=1d&against=2026-03-01&by=tenant');
  expect(body['against']).toEqual({
    from: '2026-03-01T00:00:00.000Z',
    to: '2026-03-02T00:00:00.000Z',
  });
  expect(body['causes'].map((cause: { group: string }) => cause.group).toSorted()).toEqual([
    'acme',
    'umbrella',
  ]);
  const chat = await books.json('/api/v1/explain?since=2d&filter=feature:chat');
  expect(chat.body).toMatchObject({ difference_usd: '0', causes: [] });
});

test('what cannot be read is refused, with the parameter and what to write', async () => {
  const against = await books.json('/api/v1/explain?against=1d..2d..3d');
  expect(against.status).toBe(400);
  expect(against.body).toMatchObject({ error: { code: 'invalid_window', field: 'against' } });
  const by = await books.json('/api/v1/explain?by=feature,model');
  expect(by.body).toMatchObject({ error: { code: 'invalid_parameter', field: 'by' } });
  const unknown = await books.json('/api/v1/explain?by=featur');
  expect(unknown.body['error'].message).toContain('Did you mean "feature"?');
});

test('a window in the future is answered, with nothing', async () => {
  const { status, body } = await books.json('/api/v1/explain?since=2030-01-01&until=2030-01-02');
  expect(status).toBe(200);
  expect(body['summary']).toBe('There are no calls in either window.');
  expect(body['frame'].notes[0]).toContain('future');
});

test('the template that brought it, against the one before', async () => {
  const { status, body } = await books.json('/api/v1/templates?since=2d&order=output');
  expect(status).toBe(200);
  expect(body['summary']).toBe(
    '`search` went from v6 to v7 on 3 Mar 06:00 UTC: 3.0 × the output tokens (50 → 150), cost per call +53 % ($0.001875 → $0.002875); its calls in this window cost $0.1260 more for it.',
  );
  expect(body['rows'][0]).toMatchObject({
    feature: 'search',
    template_version: 'v7',
    previous_version: 'v6',
    calls: 127,
    errors: 1,
    extra_usd: '0.126',
    is_change: true,
    switch: {
      first_call_at: '2026-03-03T06:00:00.000Z',
      took_over_at: '2026-03-03T06:00:00.000Z',
      overlap_until: null,
      overlap_calls: 0,
    },
    quantities: {
      output_tokens_per_call: { before: 50, after: 150, ratio: 3, verdict: 'more' },
      input_tokens_per_call: { ratio: 1, verdict: 'same' },
      cache_hit_ratio: { before: 0.9, after: 0.9, verdict: 'same' },
    },
  });
});

test('one feature alone; an order that is none is refused', async () => {
  const { body } = await books.json('/api/v1/templates?since=2d&feature=chat');
  expect(body['rows'].map((row: { template_version: string }) => row.template_version)).toEqual([
    'v1',
  ]);
  expect((await books.json('/api/v1/templates?order=tokens')).body).toMatchObject({
    error: { field: 'order' },
  });
});
