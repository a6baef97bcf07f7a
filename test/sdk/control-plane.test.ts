import { Farthing, remoteSink } from '@farthing/sdk';
import { parseUsd } from '@farthing/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  openTestBooks,
  type TestBooks,
} from '../../packages/server/test-support/open-test-books.js';

let books: TestBooks;
let posts = 0;
/** Answers that get lost on their way back. */
let losses = 0;
beforeAll(async () => {
  books = await openTestBooks();
});
afterAll(() => books.close());

/** The control plane itself, without a socket between. */
const throughApp = (async (url: string, init: RequestInit) => {
  posts++;
  const response = await books.request(new URL(url).pathname, init);
  if (losses-- > 0) throw new Error('connection reset');
  return response;
}) as typeof fetch;

const query = async (body: object) =>
  (await books.post('/api/v1/query', body)).body['rows'] as Record<string, string>[];

test('the control plane books what it is sent once, and answers what a success costs', async () => {
  losses = 3;
  const sink = remoteSink({ url: 'http://127.0.0.1:4142', fetch: throughApp, flushOnExit: false });
  const farthing = new Farthing({ sinks: [sink] });
  const runs = 200;
  let spent = 0n;
  for (let index = 0; index < runs; index++) {
    const run = farthing.startRun({ feature: 'support' });
    run.within(() => {
      for (let turn = 0; turn < 3; turn++) {
        const tokens = { input_uncached: 1_000 + index, output: 100 };
        const { cost } = farthing.recordUsage({ provider: 'openai', model: 'gpt-5-mini', tokens });
        spent += parseUsd(cost.usd!);
      }
    });
    run.end({ success: index % 4 !== 0 });
  }
  for (let attempt = 0; attempt < 6; attempt++) await sink.flush();
  expect(sink.report).toMatchObject({ written: runs * 4, delivered: runs * 4, dropped: 0 });
  expect(posts).toBeGreaterThan(8);
  await books.ledger.drain();

  const [cost] = await query({
    measures: ['cost'],
    dimensions: ['feature'],
    filters: [{ dimension: 'feature', op: 'in', values: ['support'] }],
  });
  const [successes] = await query({
    measures: ['runs', 'calls'],
    dimensions: ['feature'],
    filters: [{ dimension: 'run_outcome', op: 'in', values: ['success'] }],
  });
  expect(parseUsd(cost!['cost']!)).toBe(spent);
  // What says how a run ended is no call: the runs that succeeded are counted by their calls.
  expect(successes).toMatchObject({ runs: runs * 0.75, calls: 3 * runs * 0.75 });
}, 60_000);
