import { buildWhatIf, formatUsd, parseUsd, type Entry, type Scenario } from '@farthing/core';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { book, booksOf, now, priced, window, type Call } from '../../test-support/priced-calls.js';

const whatIf = (entries: readonly Entry[], scenario: Scenario) =>
  buildWhatIf(booksOf(entries), book, { scenario, window, now });

const count = fc.nat(300_000);
const arbitraryCall: fc.Arbitrary<Call> = fc.record({
  model: fc.constantFrom('gpt-large', 'gpt-small', 'nobody-knows'),
  feature: fc.constantFrom('search', 'chat'),
  at: fc
    .integer({ min: 0, max: 71 })
    .map((hour) => new Date(Date.parse(window.from) + hour * 3_600_000).toISOString()),
  tokens: fc.record({ input_uncached: count, cache_read: count, output: count }),
});

describe('priced again as they were', () => {
  test('law: calls at ordinary rates come to what was booked, to the picodollar, across changes of price and long prompts', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(arbitraryCall, { minLength: 1, maxLength: 12 }), async (calls) => {
        const entries = calls.map(priced);
        const booked = entries.reduce((sum, { cost }) => sum + parseUsd(cost.usd ?? '0'), 0n);
        const answer = await whatIf(entries, {});
        expect(answer.actual_usd).toBe(formatUsd(booked));
        expect(answer.recomputed_usd).toBe(formatUsd(booked));
        expect(answer.repriced_usd).toEqual({
          low: answer.actual_usd,
          expected: answer.actual_usd,
          high: answer.actual_usd,
        });
      }),
      { numRuns: 60 },
    );
  });

  test('law: on another model of the same tokenizer, calls come to what that model would have billed each', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(arbitraryCall, { minLength: 1, maxLength: 8 }), async (calls) => {
        const known = calls.filter(({ model }) => model !== 'nobody-knows');
        const moved = known.map((call) => priced({ ...call, model: 'gpt-small' }));
        const billed = moved.reduce((sum, { cost }) => sum + parseUsd(cost.usd!), 0n);
        const answer = await whatIf(calls.map(priced), { model: 'gpt-small' });
        // Input of 300,000 tokens and more is priced alike there, whatever the size.
        expect(answer.repriced_usd.expected).toBe(formatUsd(billed));
        expect(answer.repriced_usd.low).toBe(answer.repriced_usd.high);
      }),
      { numRuns: 60 },
    );
  });

  test('what no price is known of is left out and named', async () => {
    const answer = await whatIf([priced(), priced({ model: 'nobody-knows' })], {});
    expect(answer.calls).toBe(1);
    expect(answer.not_compared).toMatchObject([
      { reason: 'unpriced', model: 'nobody-knows', calls: 1, usd: null },
    ]);
    expect(answer.frame.unpriced.calls).toBe(1);
  });
});

describe('on another model', () => {
  test('of another tokenizer the tokens are a range, and the answer says so', async () => {
    const answer = await whatIf([priced()], { model: 'claude-opus-4-8' });
    // 1,000 × $5 + 100 × $25 per million at as many tokens, and 1.35 and 1.5 times as many.
    expect(answer.repriced_usd).toEqual({ low: '0.007125', expected: '0.010125', high: '0.01125' });
    expect(answer.savings_usd.expected).toBe('-0.007125');
    expect(answer.summary).toContain('more');
    expect(answer.frame.estimated.join(' ')).toContain('times 1.35 (0.95 to 1.50)');
    expect(answer.rows[0]).toMatchObject({ exact: false, group: { feature: 'search' } });
  });

  test('a prompt that passes a bound there is dearer as a whole', async () => {
    const tokens = { input_uncached: 250_000, output: 1_000 };
    const answer = await whatIf([priced({ model: 'gpt-small', tokens })], { model: 'gpt-large' });
    expect(answer.repriced_usd.expected).toBe('1.015');
    const mixed = await whatIf(
      [priced({ model: 'gpt-small', tokens }), priced({ model: 'gpt-small' })],
      { model: 'gpt-large' },
    );
    expect(mixed.repriced_usd.expected).toBe('1.018');
  });

  test('what makes vectors cannot be moved to a chat model', async () => {
    const answer = await whatIf(
      [priced({ model: 'vectors', api: 'embeddings', tokens: { input_uncached: 10 } })],
      {
        model: 'gpt-small',
      },
    );
    expect(answer.not_compared).toMatchObject([{ reason: 'other_kind_of_call' }]);
    expect(answer.summary).toContain('None of the calls');
  });

  test('a model that nobody lists is refused with what was meant; with prices of one’s own it is priced', async () => {
    await expect(whatIf([priced()], { model: 'gpt-smal' })).rejects.toMatchObject({
      code: 'unknown_model',
      message: expect.stringContaining('gpt-small'),
    });
    const answer = await whatIf([priced()], {
      model: 'house/llama-70b',
      price: { input: '0.1', output: '0.4' },
    });
    expect(answer.rows[0]!.targets).toEqual([{ provider: 'own', model: 'house/llama-70b' }]);
    expect(answer.repriced_usd.expected).toBe('0.000154');
  });
});

describe('otherwise', () => {
  test('in batches, tokens cost half where the provider has a price for them', async () => {
    const answer = await whatIf(
      [priced(), priced({ provider: 'anthropic', model: 'claude-opus-4-8' })],
      { batch: true },
    );
    expect(answer).toMatchObject({ actual_usd: '0.003', repriced_usd: { expected: '0.0015' } });
    expect(answer.not_compared).toMatchObject([{ reason: 'no_batch_price', usd: '0.0075' }]);
  });

  test('calls that were batches already are not saved on again', async () => {
    const answer = await whatIf([priced({ tier: 'batch' })], { batch: true });
    expect(answer.savings_usd).toEqual({ low: '0', expected: '0', high: '0' });
  });

  test('an answer is cut at the cap, call by call', async () => {
    const long = priced({ tokens: { input_uncached: 0, output: 5_000 } });
    const short = priced({ tokens: { input_uncached: 0, output: 100 } });
    const answer = await whatIf([long, short], { output_cap: 1_000 });
    expect(answer.repriced_usd.expected).toBe('0.011');
  });

  test('answers are so many times as long as samples showed', async () => {
    const answer = await whatIf([priced()], { model: 'gpt-small', output_factor: 1.5 });
    // 1,000 × $0.2 + 150 × $1 per million.
    expect(answer.repriced_usd.expected).toBe('0.00035');
  });

  test('history beyond the cap goes, out of the cache or not', async () => {
    const tokens = { input_uncached: 5_000, cache_read: 5_000, output: 0 };
    const answer = await whatIf([priced({ tokens, prompt: { history: 6_000, user: 4_000 } })], {
      history_cap: 2_000,
    });
    // 4,000 tokens of 10,000: all new, in proportion, all from the cache.
    expect(answer.repriced_usd).toEqual({ low: '0.003', expected: '0.0066', high: '0.0102' });
  });

  test('from a cache, what is read costs less and what is written may cost more', async () => {
    const answer = await whatIf(
      [
        priced({
          provider: 'anthropic',
          model: 'claude-opus-4-8',
          tokens: { input_uncached: 1_000 },
        }),
      ],
      { cache_hit_ratio: 0.8 },
    );
    expect(answer.repriced_usd).toEqual({ low: '0.0014', expected: '0.001525', high: '0.00165' });
  });

  test('an empty window is said in words, without a figure that is none', async () => {
    const answer = await whatIf([], { model: 'gpt-small' });
    expect(answer).toMatchObject({ calls: 0, savings_share: null, rows: [] });
    expect(answer.summary).toBe('There is nothing to price: no calls in this window.');
    expect(JSON.stringify(answer)).not.toMatch(/NaN|Infinity/);
  });
});
