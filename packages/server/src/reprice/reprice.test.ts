import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  emptyTokens,
  parseUsd,
  readUsage,
  usageOfReading,
  type Cost,
  type Entry,
  type PriceRequest,
  type RepriceSummary,
  type Usage,
} from '@farthing/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openTestBooks, type TestBooks } from '../../test-support/open-test-books.js';
import { readBookedEntries } from '../ledger/index.js';
import { sampleEntry } from '../store/conformance/batches.js';
import { openCorrections, type Corrections } from './index.js';

const window = { from: '2026-03-01T00:00:00.000Z', to: '2026-04-01T00:00:00.000Z' };
let books: TestBooks;

beforeEach(async () => {
  books = await openTestBooks();
});
afterEach(() => books.close());

const request = { window, dryRun: false, reread: false, by: 'ada' };
const reprice = (changes: Partial<Parameters<Corrections['reprice']>[0]> = {}) =>
  books.corrections.reprice({ ...request, ...changes });

const setPrice = (model: string, input: string, output: string) =>
  books.setPrice({
    price: {
      provider: 'openai',
      model,
      rates_per_mtok: { input, output },
      effective_from: '2026-01-01',
    },
    by: 'ada',
  });

const usage = (input: number, output: number): Usage => ({
  tokens: { ...emptyTokens(), input_uncached: input, output },
  details: {},
  units: {},
  modifiers: {},
  estimated: false,
  raw: { prompt_tokens: input, completion_tokens: output, total_tokens: input + output },
  notes: [],
});

/** A call of a model that no price list has. */
const waiting = (changes: Partial<Entry> = {}): Entry =>
  sampleEntry({
    model: 'house-model',
    model_requested: 'house-model',
    usage: usage(1000, 50),
    cost: { usd: null, status: 'unknown_model', reason: 'no price', charges: [] },
    ...changes,
  });

const measures = ['calls', 'cost', 'unpriced_calls', 'adjustments', 'adjusted_cost'] as const;
const totals = async (asOf?: string) =>
  (
    await books.store.query({
      measures: [...measures],
      window,
      ...(asOf === undefined ? {} : { as_of: asOf }),
    })
  ).rows[0];
const entries = async (): Promise<Entry[]> => {
  const all: Entry[] = [];
  for await (const entry of readBookedEntries(books.dataDirectory, books.store)) all.push(entry);
  return all;
};

describe('calls that wait for a price', () => {
  test('cost what the price makes of them, once it is there', async () => {
    await books.book([waiting(), waiting(), sampleEntry({ model: 'other-house-model' })]);
    const before = await totals();
    await setPrice('house-model', '2', '8');
    const known = new Date().toISOString();

    const summary = await reprice({ model: 'house-model' });
    expect(summary).toMatchObject({
      examined: 2,
      changed: 2,
      newly_priced: 2,
      booked: 2,
      cost_before: null,
      cost_after: '0.0048',
      difference: '0.0048',
      changes: [
        { provider: 'openai', model: 'house-model', cause: 'price', calls: 2, newly_priced: 2 },
      ],
    });
    expect(before).toMatchObject({ calls: 3, cost: '0.001875', unpriced_calls: 2 });
    expect(await totals()).toEqual({
      calls: 3,
      cost: '0.006675',
      unpriced_calls: 0,
      adjustments: 2,
      adjusted_cost: '0.0048',
    });
    expect(await totals(known)).toEqual(before);
  });

  test('are priced once: a second time books nothing', async () => {
    await books.book([waiting(), waiting()]);
    await setPrice('house-model', '2', '8');
    await reprice();
    const after = await totals();
    expect(await reprice()).toMatchObject({ examined: 2, changed: 0, booked: 0, difference: '0' });
    expect(await totals()).toEqual(after);
  });

  test('are shown by a dry run, which books nothing', async () => {
    await books.book([waiting()]);
    await setPrice('house-model', '2', '8');
    const before = await totals();
    const dry = await reprice({ dryRun: true });
    expect(dry).toMatchObject({ dry_run: true, changed: 1, booked: 0, difference: '0.0024' });
    expect(await totals()).toEqual(before);
    const { dry_run: _dry, booked: _booked, ...found } = await reprice();
    const { dry_run: _, booked: __, ...shown } = dry;
    expect(found).toEqual(shown);
  });

  test('stay as they were booked, line by line', async () => {
    await books.book([waiting()]);
    const [booked] = await entries();
    await setPrice('house-model', '2', '8');
    await reprice({ why: 'the price came late' });
    const [call, adjustment] = await entries();
    expect(call).toEqual(booked);
    expect(adjustment).toMatchObject({
      kind: 'adjustment',
      adjusts: { entry: call!.id, number: 1, reason: 'the price came late', by: 'ada' },
      tags: call!.tags,
      started_at: call!.started_at,
    });
  });
});

test('a price that changes again is adjusted by the difference to what is known by then', async () => {
  await books.book([waiting()]);
  for (const [output, difference] of [
    ['8', '0.0024'],
    ['10', '0.0001'],
    ['6', '-0.0002'],
  ] as const) {
    await setPrice('house-model', '2', output);
    expect(await reprice()).toMatchObject({ changed: 1, difference });
  }
  expect(await totals()).toMatchObject({ cost: '0.0023', adjustments: 3, adjusted_cost: '0.0023' });
  const { body } = await books.json(`/api/v1/calls/${(await entries())[0]!.id}`);
  expect(body['restated']).toMatchObject({ usd: '0.0023', status: 'priced' });
  expect(body['adjustments'].map(({ entry }: { entry: Entry }) => entry.adjusts!.number)).toEqual([
    1, 2, 3,
  ]);
});

test('two at once book each adjustment once', async () => {
  await books.book(Array.from({ length: 40 }, () => waiting()));
  await setPrice('house-model', '2', '8');
  const all = await Promise.all(
    [openOther(), openOther(), openOther()].map((one) => one.reprice(request)),
  );
  expect(all.map(({ difference }) => difference)).toContain('0.096');
  await books.ledger.drain();
  expect(await totals()).toMatchObject({ calls: 40, cost: '0.096', adjustments: 40 });
});

test('a run that was cut short is repeated, and what it had written down counts once', async () => {
  await books.book(
    Array.from({ length: 2500 }, (_, index) => waiting({ attempt: 1 + (index % 2) })),
  );
  await setPrice('house-model', '2', '8');
  let batches = 0;
  const broken = openOther({
    beforeAppend: () => {
      if (++batches === 2) throw new Error('killed');
    },
  });
  await expect(broken.reprice(request)).rejects.toThrow('killed');
  const summary = await reprice();
  expect(summary).toMatchObject({ examined: 2500, changed: 1500, unchanged: 1000 });
  expect(await totals()).toMatchObject({ calls: 2500, cost: '6', adjustments: 2500 });
});

test('a call that the journals no longer hold stays as it is, and is counted', async () => {
  await books.book([waiting()]);
  await rm(join(books.dataDirectory, 'journals', 'test'), { recursive: true });
  await setPrice('house-model', '2', '8');
  expect(await reprice()).toMatchObject({ examined: 0, changed: 0, out_of_retention: 1 });
});

test('only the calls asked for are priced again: by time, provider and model', async () => {
  await books.book([
    waiting(),
    waiting({ model: 'house-model-2' }),
    waiting({ provider: 'elsewhere' }),
    waiting({ started_at: '2026-05-01T00:00:00.000Z', ended_at: '2026-05-01T00:00:01.000Z' }),
  ]);
  const examined = async (changes: object): Promise<unknown> =>
    (await reprice({ dryRun: true, ...changes })).examined;
  expect(await examined({})).toBe(3);
  expect(await examined({ provider: 'elsewhere' })).toBe(1);
  expect(await examined({ model: 'house-model-2' })).toBe(1);
  expect(await examined({ window: { from: window.to, to: '2026-06-01T00:00:00.000Z' } })).toBe(1);
});

describe('what is left as it is', () => {
  const priced = (cost: Cost, changes: Partial<Entry> = {}): Entry => waiting({ cost, ...changes });

  test.each<[string, Entry]>([
    [
      'a figure that its source stated',
      priced({ usd: '1.5', status: 'priced', source: 'source', charges: [] }),
    ],
    [
      'a figure without usage',
      priced({ usd: '1', status: 'priced', source: 'base', charges: [] }, { usage: null }),
    ],
    [
      'a call that is not billed',
      priced({ usd: '0', status: 'not_billed', reason: 'an error', charges: [] }, { usage: null }),
    ],
    [
      'a call without usage',
      priced(
        { usd: null, status: 'no_usage', reason: 'none was sent', charges: [] },
        { usage: null },
      ),
    ],
  ])('%s', async (_, entry) => {
    await books.book([entry]);
    await setPrice('house-model', '2', '8');
    expect(await reprice()).toMatchObject({ examined: 1, changed: 0 });
  });

  test('the recorded cost of an import, kept beside the computed one', async () => {
    await books.book([
      waiting({
        cost: { usd: null, status: 'unknown_model', reported_usd: '0.009', charges: [] },
      }),
    ]);
    await setPrice('house-model', '2', '8');
    await reprice();
    const { body } = await books.json(`/api/v1/calls/${(await entries())[0]!.id}`);
    expect(body['restated']).toMatchObject({ usd: '0.0024', reported_usd: '0.009' });
  });

  test('that a cost is partial because its usage is an estimate', async () => {
    await books.book([waiting({ usage: { ...usage(1000, 50), estimated: true } })]);
    await setPrice('house-model', '2', '8');
    expect(await reprice()).toMatchObject({ changed: 1 });
    expect(await reprice()).toMatchObject({ changed: 0 });
    const { body } = await books.json(`/api/v1/calls/${(await entries())[0]!.id}`);
    expect(body['restated']).toMatchObject({ usd: '0.0024', status: 'partial' });
  });
});

test('a call whose stream ended early is partial whenever its price comes, goes and comes back', async () => {
  await books.book([waiting({ usage: { ...usage(1000, 50), partial: 'the stream ended early' } })]);
  const prices = async (price: (call: PriceRequest) => Cost): Promise<void> => {
    expect(await openOther({ price }).reprice(request)).toMatchObject({ booked: 1 });
  };
  await setPrice('house-model', '2', '8');
  const known = (call: PriceRequest): Cost => books.price(call);
  await prices(known);
  await prices(() => ({ usd: null, status: 'unknown_model', reason: 'it went', charges: [] }));
  await prices(known);
  const adjustments = (await entries()).filter(({ kind }) => kind === 'adjustment');
  expect(adjustments.map(({ adjusts, cost }) => [adjusts!.status_after, cost.reason])).toEqual([
    ['partial', 'the stream ended early'],
    ['unknown_model', 'it went'],
    ['partial', 'the stream ended early'],
  ]);
});

test('usage is read again where that is asked for, and adjusted as signed counts', async () => {
  const misread = usage(1000, 50);
  misread.raw = {
    prompt_tokens: 1000,
    completion_tokens: 50,
    total_tokens: 1050,
    prompt_tokens_details: { cached_tokens: 600 },
  };
  await books.book([waiting({ usage: misread })]);
  await books.setPrice({
    price: {
      provider: 'openai',
      model: 'house-model',
      rates_per_mtok: { input: '2', output: '8', cache_read: '0.5' },
      effective_from: '2026-01-01',
    },
    by: 'ada',
  });
  expect(await reprice()).toMatchObject({ difference: '0.0024', changes: [{ cause: 'price' }] });
  expect(await reprice({ reread: true })).toMatchObject({
    difference: '-0.0009',
    changes: [{ cause: 'usage' }],
  });
  expect(await reprice({ reread: true })).toMatchObject({ changed: 0 });
  const { rows } = await books.store.query({
    measures: ['calls', 'cost', 'tokens_input', 'tokens_cache_read', 'tokens_input_uncached'],
  });
  expect(rows).toEqual([
    {
      calls: 1,
      cost: '0.0015',
      tokens_input: 1000,
      tokens_cache_read: 600,
      tokens_input_uncached: 400,
    },
  ]);
});

test('usage whose counts stood outside of what is kept of it is not read again', async () => {
  const payload = {
    usage: { inputTokens: 21, outputTokens: 393, totalTokens: 414, cachedInputTokens: 188_086 },
    providerMetadata: { anthropic: { cacheCreationInputTokens: 900 } },
  };
  const call = { provider: 'anthropic', api: 'ai-sdk.v5', model: 'claude-sonnet-4-5' };
  const reading = readUsage({ ...call, payload });
  const cost = books.price({ ...call, at: waiting().started_at, reading });
  await books.book([waiting({ ...call, usage: usageOfReading(reading), cost })]);
  expect(cost.usd).toBe('0.0657588');
  expect(await reprice({ reread: true })).toMatchObject({ examined: 1, changed: 0 });
});

test('calls are priced at their own time, under the provider whose prices hold, with their facts', async () => {
  const context = { location: 'europe-west1' };
  await books.book([waiting({ provider: 'gateway-of-ours', context })]);
  const asked: PriceRequest[] = [];
  const one = openOther({
    price: (call) => {
      asked.push(call);
      return { usd: null, status: 'unknown_model', reason: 'no price', charges: [] };
    },
  });
  await one.reprice(request);
  expect(asked).toEqual([
    {
      provider: 'vendor of gateway-of-ours',
      api: 'chat.completions',
      model: 'house-model',
      at: '2026-03-01T14:05:06.789Z',
      reading: { status: 'ok', usage: usage(1000, 50) },
      context,
    },
  ]);
});

test('a walk gives way to other work of the process', async () => {
  await books.book(Array.from({ length: 3000 }, () => waiting()));
  let turns = 0;
  const timer = setInterval(() => (turns += 1), 1);
  const seen: number[] = [];
  const summary: RepriceSummary = await books.corrections.reprice(
    request,
    ({ examined, total }) => {
      seen.push(examined);
      expect(total).toBe(3000);
    },
  );
  clearInterval(timer);
  expect(summary.still_unpriced).toBe(3000);
  expect(seen).toEqual([1000, 2000, 3000]);
  expect(turns).toBeGreaterThan(3);
});

/** Corrections of their own over the same books, as another process would make them. */
function openOther({
  beforeAppend = () => {},
  price,
}: {
  beforeAppend?: () => void;
  price?: (request: PriceRequest) => Cost;
} = {}): Corrections {
  return openCorrections(
    {
      dataDirectory: books.dataDirectory,
      store: books.store,
      priceAs: (provider) =>
        provider === 'gateway-of-ours' ? 'vendor of gateway-of-ours' : provider,
      appendEntries: async (batch) => {
        beforeAppend();
        await books.append(batch);
      },
      bookAll: () => books.ledger.drain(),
      now: () => new Date(),
    },
    price ?? ((call) => books.price(call)),
  );
}

test('every adjustment of a month adds up to what the books restate', async () => {
  await books.book(Array.from({ length: 20 }, (_, index) => waiting({ usage: usage(index, 1) })));
  await setPrice('house-model', '0.3', '0.7');
  const { difference } = await reprice();
  const adjustments = (await entries()).filter(({ kind }) => kind === 'adjustment');
  const sum = adjustments.reduce((total, { cost }) => total + parseUsd(cost.usd!), 0n);
  expect(sum).toBe(parseUsd(difference));
  expect(sum).toBe(parseUsd(String((await totals())!['cost'])));
});
