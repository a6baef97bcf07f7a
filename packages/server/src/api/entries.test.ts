import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestBooks, type TestBooks } from '../../test-support/open-test-books.js';
import { sampleEntry } from '../store/conformance/batches.js';

let books: TestBooks;
beforeAll(async () => {
  books = await openTestBooks();
});
afterAll(() => books.close());

const postLines = (lines: string[], path = '/api/v1/entries') =>
  books.json(path, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: lines.join('\n'),
  });

test('posted entries are journalled before the answer, then booked; posting them again changes nothing', async () => {
  const entries = [sampleEntry(), sampleEntry()];
  const lines = entries.map((entry) => JSON.stringify(entry));
  const first = await postLines(lines);
  expect(first).toEqual({ status: 202, body: { accepted: 2, already_booked: 0 } });
  await books.ledger.drain();
  expect((await books.store.locate(entries.map(({ id }) => id))).size).toBe(2);

  const again = await postLines([...lines, JSON.stringify(sampleEntry())]);
  expect(again.body).toEqual({ accepted: 1, already_booked: 2 });
});

test('a JSON array is taken as well, blank lines are nothing, and one id twice is one entry', async () => {
  const entry = sampleEntry();
  const array = await books.post('/api/v1/entries', [entry, entry]);
  expect(array).toEqual({ status: 202, body: { accepted: 1, already_booked: 1 } });
  const empty = await postLines(['', '  ', '']);
  expect(empty).toEqual({ status: 202, body: { accepted: 0, already_booked: 0 } });
});

test('a dry run counts and appends nothing', async () => {
  const entry = sampleEntry();
  const dry = await postLines([JSON.stringify(entry)], '/api/v1/entries?dry_run=true');
  expect(dry.body).toEqual({ accepted: 1, already_booked: 0 });
  await books.ledger.drain();
  expect((await books.store.locate([entry.id])).size).toBe(0);
});

test.each([
  ['not JSON', '{"id":', 'line 2', /line 2 is not JSON/],
  ['a wrong type', change({ provider: 7 }), 'line 2.provider', /expected string/],
  [
    'a float where money belongs',
    change({ cost: { usd: 0.1, status: 'priced', charges: [] } }),
    'line 2.cost.usd',
    /expected string/,
  ],
  [
    'an exponent in money',
    change({ cost: { usd: '1e-3', status: 'priced', charges: [] } }),
    'line 2.cost.usd',
    /decimal string/,
  ],
  [
    'a time without a zone',
    change({ started_at: '2026-03-01 10:00' }),
    'line 2.started_at',
    /ISO 8601/,
  ],
  [
    'a time that does not exist',
    change({ started_at: '2026-13-01T10:00:00.000Z' }),
    'line 2.started_at',
    /exists/,
  ],
  ['a newer schema', change({ schema: 2 }), 'line 2.schema', /expected 1/],
  ['an id that is no UUID', change({ id: '17' }), 'line 2.id', /UUID/],
  [
    'negative tokens',
    change({
      usage: { ...sampleEntry().usage, tokens: { ...sampleEntry().usage!.tokens, output: -1 } },
    }),
    'line 2.usage.tokens.output',
    /a call counts nothing negative/,
  ],
  ['a line that no entry can be', JSON.stringify('x'.repeat(70_000)), 'line 2', /at most 65536/],
])(
  '%s is answered with its line, and nothing of the request is taken',
  async (_, line, field, message) => {
    const good = sampleEntry();
    const { status, body } = await postLines([JSON.stringify(good), line]);
    expect(status).toBe(400);
    expect(body['error'].field).toBe(field);
    expect(body['error'].message).toMatch(message);
    await books.ledger.drain();
    expect((await books.store.locate([good.id])).size).toBe(0);
  },
);

test('more than 10 MB are refused before they are read', async () => {
  const { status, body } = await postLines(['x'.repeat(10 * 1024 * 1024 + 1)]);
  expect(status).toBe(413);
  expect(body['error'].code).toBe('body_too_large');
});

describe('a gzipped request', () => {
  const postZipped = (bytes: Uint8Array<ArrayBuffer>, encoding = 'gzip') =>
    books.json('/api/v1/entries', {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson', 'content-encoding': encoding },
      body: bytes,
    });

  test('is taken like any other', async () => {
    const { status, body } = await postZipped(gzipSync(JSON.stringify(sampleEntry())));
    expect({ status, body }).toEqual({ status: 202, body: { accepted: 1, already_booked: 0 } });
  });

  test.each([
    ['inflates to more than is taken', gzipSync(Buffer.alloc(11 * 1024 * 1024, ' ')), 'gzip', 413],
    ['is no gzip', Buffer.from('not zipped'), 'gzip', 400],
    ['is coded otherwise', Buffer.from('x'), 'br', 415],
  ])('that %s is refused', async (_what, bytes, encoding, wanted) => {
    expect((await postZipped(bytes, encoding)).status).toBe(wanted);
  });
});

test('another content type is refused with the right ones', async () => {
  const { status, body } = await books.json('/api/v1/entries', {
    method: 'POST',
    headers: { 'content-type': 'text/csv' },
    body: 'a,b',
  });
  expect(status).toBe(415);
  expect(body['error'].message).toMatch(/application\/x-ndjson/);
});

function change(changes: Record<string, unknown>): string {
  return JSON.stringify({ ...sampleEntry(), ...changes });
}

test('an entry that the books cannot hold is refused before it is journalled, with the others of its request', async () => {
  const dear = sampleEntry();
  const { body, status } = await postLines([
    JSON.stringify(sampleEntry()),
    JSON.stringify({ ...dear, cost: { ...dear.cost, usd: '99999999', charges: [] } }),
  ]);
  expect(status).toBe(400);
  expect(body).toMatchObject({ error: { code: 'entry_invalid' } });
  await books.ledger.drain();
  expect((await books.store.locate([dear.id])).size).toBe(0);
});
