import { emptyTokens, PriceBook, ruleLayer, type Entry, type PriceRule } from '@farthing/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sampleEntry } from '../store/conformance/batches.js';
import { compareOnLedger } from './compare-on-ledger.js';

const book = (...rules: Partial<PriceRule>[]) => {
  const layer = ruleLayer(
    'base',
    'test',
    rules.map((rule) => ({ provider: 'openai', model: 'a', source: 'test', ...rule })),
  );
  const prices = new PriceBook([layer]);
  return prices.price.bind(prices);
};
const call = (input: number, changes: Partial<Entry> = {}): Entry =>
  sampleEntry({
    model: 'a',
    usage: {
      tokens: { ...emptyTokens(), input_uncached: input },
      details: {},
      units: {},
      modifiers: {},
      estimated: false,
      raw: null,
      notes: [],
    },
    ...changes,
  });
// eslint-disable-next-line typescript/require-await -- a ledger is read as it comes
async function* ledger(entries: Entry[]) {
  yield* entries;
}
const same = (provider: string) => provider;

test('each call is priced at its own time by both books, summed by model', async () => {
  const cheap = book({ rates: { input: '1' } });
  const dearer = book(
    { rates: { input: '1' } },
    { rates: { input: '3' }, from: '2026-06-01T00:00:00Z' },
  );
  const entries = [
    call(1_000_000),
    call(1_000_000, { started_at: '2026-07-01T00:00:00.000Z' }),
    call(1_000_000, { model: 'unknown' }),
  ];
  expect(await compareOnLedger(ledger(entries), cheap, dearer, same)).toEqual({
    calls: 3,
    before_usd: '2',
    after_usd: '4',
    change_usd: '2',
    unpriced_before: 1,
    unpriced_after: 1,
    models: [
      {
        provider: 'openai',
        model: 'a',
        calls: 2,
        before_usd: '2',
        after_usd: '4',
        change_usd: '2',
        unpriced_before: 0,
        unpriced_after: 0,
      },
    ],
  });
});

test('calls that would lose or get a price are counted, not summed as nothing', async () => {
  const [without, priced] = [book({ model: 'b', rates: {} }), book({ rates: { input: '1' } })];
  const gained = await compareOnLedger(ledger([call(1_000_000)]), without, priced, same);
  expect(gained).toMatchObject({ unpriced_before: 1, unpriced_after: 0, change_usd: '1' });
  expect(gained.models).toHaveLength(1);
});

test('what no price decides is left out: adjustments, calls without usage, stated costs', async () => {
  const price = book({ rates: { input: '1' } });
  const entries = [
    call(1, { usage: null }),
    call(1, { kind: 'adjustment' }),
    call(1, { cost: { usd: '5', status: 'priced', source: 'source', charges: [] } }),
  ];
  expect((await compareOnLedger(ledger(entries), price, price, same)).calls).toBe(0);
});

test('a provider’s own name in the configuration is priced as the vendor it stands for', async () => {
  const price = book({ rates: { input: '1' } });
  const entries = [call(1_000_000, { provider: 'our-openai' })];
  const priceAs = (provider: string) => (provider === 'our-openai' ? 'openai' : provider);
  expect((await compareOnLedger(ledger(entries), price, price, priceAs)).before_usd).toBe('1');
});

test('a book compared with itself changes nothing, and swapping the books swaps the sign', async () => {
  const input = fc.integer({ min: 0, max: 10_000_000 });
  await fc.assert(
    fc.asyncProperty(fc.array(input), async (inputs) => {
      const entries = inputs.map((tokens) => call(tokens));
      const [one, two] = [book({ rates: { input: '0.3' } }), book({ rates: { input: '0.7' } })];
      const still = await compareOnLedger(ledger(entries), one, one, same);
      expect(still).toMatchObject({ change_usd: '0', models: [] });
      const there = await compareOnLedger(ledger(entries), one, two, same);
      const back = await compareOnLedger(ledger(entries), two, one, same);
      expect(back.change_usd).toBe(negated(there.change_usd));
    }),
    { numRuns: 30 },
  );
});

function negated(amount: string): string {
  return amount === '0' ? '0' : amount.startsWith('-') ? amount.slice(1) : `-${amount}`;
}
