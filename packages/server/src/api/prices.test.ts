import { emptyTokens, type Entry, type MissingPrice } from '@farthing/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestBooks, type TestBooks } from '../../test-support/open-test-books.js';
import { sampleEntry } from '../store/conformance/batches.js';

let books: TestBooks;
beforeAll(async () => {
  books = await openTestBooks();
});
afterAll(() => books.close());

const usage: NonNullable<Entry['usage']> = {
  tokens: { ...emptyTokens(), input_uncached: 1_000, output: 10 },
  details: {},
  units: {},
  modifiers: {},
  estimated: false,
  raw: null,
  notes: [],
};
const unpriced = (model: string, changes: Partial<Entry> = {}): Entry =>
  sampleEntry({
    provider: 'openai',
    model,
    usage,
    cost: { usd: null, status: 'unknown_model', reason: `no price for "${model}"`, charges: [] },
    ...changes,
  });

describe('prices over HTTP', () => {
  test('a model is shown with its rates and the rows behind them', async () => {
    const { status, body } = await books.json('/api/v1/prices/openai/gpt-4.1-2025-04-14');
    expect(status).toBe(200);
    expect(body).toMatchObject({ provider: 'openai', model: 'gpt-4.1' });
    expect(body['rates']).toContainEqual(
      expect.objectContaining({ unit: 'input', rate_usd: '2', per: 1_000_000, source: 'base' }),
    );
    expect(body['rows'].length).toBeGreaterThan(1);
  });

  test('rates are those of the time that is asked for', async () => {
    const input = async (at: string) => {
      const { body } = await books.json(`/api/v1/prices/openai/gpt-5.6-luna?at=${at}`);
      return body['rates'].find(({ unit }: { unit: string }) => unit === 'input').rate_usd;
    };
    expect(Number(await input('2026-07-29T23:59:59Z'))).toBeGreaterThan(
      Number(await input('2026-07-30T00:00:00Z')),
    );
    expect((await books.json('/api/v1/prices/openai/gpt-4.1?at=soon')).status).toBe(400);
  });

  test('a slash in a model’s name is written as %2F', async () => {
    const { body } = await books.json('/api/v1/prices/openrouter/openai%2Fgpt-4.1');
    expect(body).toMatchObject({ provider: 'openrouter', model: 'openai/gpt-4.1' });
  });

  test('an unknown model is a 404 that says what was probably meant', async () => {
    const { status, body } = await books.json('/api/v1/prices/openai/gpt-41');
    expect(status).toBe(404);
    expect(body['error']).toMatchObject({ code: 'unknown_model' });
    expect(body['error'].message).toMatch(/Did you mean openai\/gpt-4\.1\?/);
  });

  test('what calls lack is listed with what to add, until there is a price', async () => {
    await books.book([
      unpriced('gpt-house'),
      unpriced('gpt-house'),
      unpriced('gpt-4.1-minj'),
      sampleEntry({
        cost: { usd: null, status: 'no_usage', reason: 'the answer has no usage', charges: [] },
      }),
    ]);
    const { body } = await books.json('/api/v1/prices/missing');
    const [first, ...others] = body['missing'];
    expect(first).toMatchObject({
      provider: 'openai',
      model: 'gpt-house',
      cost_status: 'unknown_model',
      calls: 2,
      tokens_input: 2_000,
      reasons: ['no price for "gpt-house"'],
      priced_now: false,
      command: 'farthing prices set --provider openai --model gpt-house --input RATE --output RATE',
    });
    expect(first.snippet).toBe(
      'prices:\n  - provider: openai\n    model: gpt-house\n    rates_per_mtok: { input: "RATE", output: "RATE" }',
    );
    expect(others).toContainEqual(
      expect.objectContaining({
        model: 'gpt-4.1-minj',
        suggestion: { provider: 'openai', model: 'gpt-4.1-mini' },
        command: expect.stringMatching(/--model gpt-4\.1-minj --same-as gpt-4\.1-mini$/m),
      }),
    );
    expect(others).toContainEqual(
      expect.objectContaining({ cost_status: 'no_usage', snippet: null, command: null }),
    );

    const price = {
      provider: 'openai',
      model: 'gpt-house',
      rates_per_mtok: { input: '2', output: '4' },
    };
    const set = await books.post('/api/v1/prices', { price, by: 'ada' });
    expect(set).toMatchObject({ status: 201, body: { effective_from: null } });
    const after = await books.json('/api/v1/prices/missing');
    expect(after.body['missing'][0]).toMatchObject({ model: 'gpt-house', priced_now: true });
  });

  test('a call that repricing has priced is no longer missing', async () => {
    const call = unpriced('gpt-late');
    await books.book([call]);
    const named = async () => {
      const { body } = await books.json('/api/v1/prices/missing');
      return body['missing'].map(({ model }: { model: string }) => model);
    };
    expect(await named()).toContain('gpt-late');
    await books.book([
      {
        ...call,
        id: '018f0000-0000-7000-8000-00000000abcd',
        kind: 'adjustment',
        recorded_at: '2026-03-03T00:00:00.000Z',
        usage: null,
        cost: { usd: '0.5', status: 'priced', charges: [] },
        adjusts: {
          entry: call.id,
          number: 1,
          cause: 'price',
          reason: 'a price was added',
          by: 'ada',
          status_before: 'unknown_model',
          status_after: 'priced',
          usd_before: null,
          usd_after: '0.5',
        },
      },
    ]);
    expect(await named()).not.toContain('gpt-late');
  });

  test('a part of a cost that lacks a rate is missing, until repricing has priced it', async () => {
    const reason = 'no rate is known for tool:web_lookup';
    const call = sampleEntry({
      model: 'gpt-4.1',
      usage: { ...usage, units: { 'tool:web_lookup': 2 } },
      cost: { usd: '0.002', status: 'partial', source: 'base', reason, charges: [] },
    });
    // An estimated usage makes a cost partial as well, and no price mends that.
    const estimated = sampleEntry({
      model: 'gpt-4o',
      cost: { usd: '0.002', status: 'partial', reason: 'the usage is an estimate', charges: [] },
    });
    await books.book([call, estimated]);
    const partial = async () => {
      const { body } = await books.json('/api/v1/prices/missing');
      return body['missing'].filter((one: MissingPrice) => one.cost_status === 'partial');
    };
    expect(await partial()).toMatchObject([
      {
        model: 'gpt-4.1',
        calls: 1,
        reasons: [reason],
        snippet: 'tools:\n  web_lookup: { price: "RATE" }',
        command: 'farthing prices set --tool web_lookup --price RATE',
      },
    ]);
    await books.book([
      {
        ...call,
        id: '018f0000-0000-7000-8000-00000000abce',
        kind: 'adjustment',
        recorded_at: '2026-03-03T00:00:00.000Z',
        usage: null,
        cost: { usd: '0.01', status: 'priced', charges: [] },
        adjusts: {
          entry: call.id,
          number: 1,
          cause: 'price',
          reason: 'a price was added',
          by: 'ada',
          status_before: 'partial',
          status_after: 'priced',
          usd_before: '0.002',
          usd_after: '0.012',
        },
      },
    ]);
    expect(await partial()).toEqual([]);
  });

  test('a price that is none is refused with everything that is wrong', async () => {
    const price = { provider: 'openai', model: 'x', rates_per_mtok: { inptu: '1', output: '-2' } };
    const { status, body } = await books.post('/api/v1/prices', { price });
    expect(status).toBe(400);
    expect(body['error'].code).toBe('invalid_prices');
    expect(body['error'].message).toMatch(/inptu.*Did you mean "input"\?/);
    expect(body['error'].message).toMatch(/output/);
    expect((await books.post('/api/v1/prices', { prise: {} })).status).toBe(400);
  });

  test('the sources are told in rising precedence', async () => {
    const { body } = await books.json('/api/v1/prices');
    expect(body['sources'].map(({ kind }: { kind: string }) => kind)).toEqual([
      'base',
      'overlay',
      'own',
    ]);
  });
});
