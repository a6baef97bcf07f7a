import fc from 'fast-check';
import { expect, test } from 'vitest';
import { noCounts, type Counts } from './billing.js';
import { Books, type Posting } from './books.js';
import { decimalDollars, picodollarsPerToken } from './money.js';

const at = Date.UTC(2026, 10, 20, 12, 30, 15);

function posting(counts: Partial<Counts>, more: Partial<Posting> = {}): Posting {
  return {
    at,
    provider: 'openai',
    api: 'completions',
    keyId: 'key_a',
    model: 'gpt-4o-2024-08-06',
    tier: 'default',
    geo: 'global',
    outcome: 'completed',
    ...more,
    counts: { ...noCounts(), ...counts },
  };
}

test('requests billed alike are summed; what differs stands apart', () => {
  const books = new Books();
  books.record(posting({ input_uncached: 10, output: 5 }));
  books.record(posting({ input_uncached: 20, output: 5 }));
  books.record(posting({ output: 3 }, { outcome: 'aborted' }));
  books.record(posting({ output: 3 }, { keyId: 'key_b', model: 'gpt-99-hyper' }));
  const { lines, totals } = books.report();
  expect(lines.map((line) => [line.key_id, line.outcome, line.requests, line.usd])).toEqual([
    ['key_a', 'completed', 2, '0.000175'],
    ['key_a', 'aborted', 1, '0.00003'],
    ['key_b', 'completed', 1, null],
  ]);
  expect(totals).toMatchObject({
    requests: 4,
    usd: '0.000205',
    unpriced_requests: 1,
    aborted_requests: 1,
    tokens: { input_uncached: 30, output: 16 },
  });
  expect(books.report('key_b').totals).toMatchObject({ requests: 1, usd: '0' });
});

test('the sum of any requests is exact to the picodollar', () => {
  const rates = { input: picodollarsPerToken('2.5'), output: picodollarsPerToken('10') };
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(200_000), fc.nat(100_000))), (requests) => {
      const books = new Books();
      let expected = 0n;
      for (const [input, output] of requests) {
        books.record(posting({ input_uncached: input, output }));
        expected += BigInt(input) * rates.input + BigInt(output) * rates.output;
      }
      expect(books.report().totals.usd).toBe(decimalDollars(expected));
    }),
  );
});

test('a request is found in its minute, hour and day, and nowhere else', () => {
  const books = new Books();
  books.record(posting({ output: 7 }));
  for (const width of [60_000, 3_600_000, 86_400_000]) {
    const start = at - (at % width);
    expect(books.bucket(width, start).map((cell) => cell.counts.output)).toEqual([7]);
    expect(books.bucket(width, start - width)).toEqual([]);
    expect(books.bucket(width, start + width)).toEqual([]);
  }
});

test('minutes are forgotten after two days, days and totals stay', () => {
  const books = new Books();
  const day = 86_400_000;
  books.record(posting({ output: 1 }));
  books.record(posting({ output: 1 }, { at: at + 3 * day }));
  expect(books.bucket(60_000, at - (at % 60_000))).toEqual([]);
  expect(books.bucket(day, at - (at % day))).toHaveLength(1);
  expect(books.report().totals.requests).toBe(2);
});
